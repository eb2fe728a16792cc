package io.warren.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;

/**
 * A TUN network device: what is written to it arrives in the kernel as an IP packet from that device, and what the
 * kernel routes to it is read here. It vanishes, with its routes, when it is closed or the process ends. Each
 * of its queues is read by one thread; all must have ended before {@link #close}.
 */
public final class TunDevice implements AutoCloseable {
    private static final ValueLayout.OfInt BIG_INT = JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong BIG_LONG = JAVA_LONG.withOrder(ByteOrder.BIG_ENDIAN);
    private static final String CLONE_DEVICE = "/dev/net/tun";

    // struct ifreq: name 0, union 16, 40 octets; struct rtentry: dst 8, genmask 40, flags 56, dev 88, 120 octets
    private static final int IFREQ_SIZE = 40;
    private static final int IFREQ_UNION = 16;
    private static final int RTENTRY_SIZE = 120;

    // struct in6_ifreq: address 0, prefix length 16, interface 20; struct in6_rtmsg: dst 0, type 48, dst_len 52,
    // metric 56, flags 72, interface 76
    private static final int IN6_IFREQ_SIZE = 24;
    private static final int IN6_RTMSG_SIZE = 80;
    private static final int METRIC = 1_024;

    private static final int TRANSMIT_QUEUE = 4_000;

    private static final int MINIMUM_TCP =
            LinuxConstants.TUN_F_CSUM | LinuxConstants.TUN_F_TSO4 | LinuxConstants.TUN_F_TSO6;
    private static final int USO = LinuxConstants.TUN_F_USO4 | LinuxConstants.TUN_F_USO6;

    private final String name;
    private final List<TunQueue> queues;
    private final boolean tcpOffload;
    private final boolean udpOffload;

    private TunDevice(String name, List<TunQueue> queues, boolean tcpOffload, boolean udpOffload) {
        this.name = name;
        this.queues = List.copyOf(queues);
        this.tcpOffload = tcpOffload;
        this.udpOffload = udpOffload;
    }

    /** Creates the device with one queue and without offloads. */
    public static TunDevice open(String name) throws IOException {
        return open(name, 1, false);
    }

    /**
     * Creates the device, or takes over a persistent one of that name that nobody holds. It is not up yet.
     *
     * @param wishedQueues how many threads want to read; there are fewer when packets of one subscriber could come in on
     *     more than one queue
     * @param offloads whether packets larger than the MTU, with a header that tells how to cut them, are wanted; what the
     *     kernel cannot do is left out
     */
    public static TunDevice open(String name, int wishedQueues, boolean offloads) throws IOException {
        if (name.isEmpty() || name.getBytes(StandardCharsets.US_ASCII).length >= LinuxConstants.IFNAMSIZ) {
            throw new IOException("bad TUN device name \"" + name + "\": 1 to 15 characters are allowed");
        }
        if (wishedQueues > 1 && isUp(name)) {
            // The kernel would let us join: a device of several queues may have several holders.
            throw new IOException(openFailure(name, LinuxConstants.EBUSY));
        }
        List<Integer> opened = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            boolean large = offloads;
            MemorySegment request = interfaceRequest(arena, name);
            int result = attach(arena, request, wishedQueues > 1, large, opened);
            if (result == -LinuxConstants.EINVAL && large) {
                large = false;
                result = attach(arena, request, wishedQueues > 1, false, opened);
            }
            int multiQueue = 1;
            while (result >= 0 && multiQueue < wishedQueues) {
                result = attach(arena, request, true, large, opened);
                multiQueue++;
                if (multiQueue == 2 && result >= 0 && !Steering.install(opened.getFirst())) {
                    Libc.close(opened.removeLast());
                    break;
                }
            }
            if (result < 0) {
                throw new IOException(openFailure(name, -result));
            }
            return finish(arena, request.getString(0), opened, large);
        } catch (IOException | RuntimeException e) {
            opened.forEach(Libc::close);
            throw e;
        }
    }

    private static int attach(Arena arena, MemorySegment request, boolean many, boolean large, List<Integer> opened) {
        int fd = Libc.open(
                arena.allocateFrom(CLONE_DEVICE),
                LinuxConstants.O_RDWR | LinuxConstants.O_NONBLOCK | LinuxConstants.O_CLOEXEC);
        if (fd < 0) {
            return fd;
        }
        int flags = LinuxConstants.IFF_TUN
                | LinuxConstants.IFF_NO_PI
                | (many ? LinuxConstants.IFF_MULTI_QUEUE : 0)
                | (large ? LinuxConstants.IFF_VNET_HDR : 0);
        request.set(JAVA_SHORT, IFREQ_UNION, (short) flags);
        int result = Libc.ioctl(fd, LinuxConstants.TUNSETIFF, request);
        if (result < 0) {
            Libc.close(fd);
            return result;
        }
        opened.add(fd);
        return 0;
    }

    private static TunDevice finish(Arena arena, String name, List<Integer> opened, boolean large) {
        boolean tcp = large;
        boolean udp = large;
        List<TunQueue> queues = new ArrayList<>();
        for (int fd : opened) {
            if (large) {
                Libc.ioctl(fd, LinuxConstants.TUNSETVNETLE, arena.allocateFrom(JAVA_INT, 1));
                udp = udp && setOffload(fd, MINIMUM_TCP | USO);
                tcp = udp || (tcp && setOffload(fd, MINIMUM_TCP));
            }
            queues.add(new TunQueue(fd, name, large));
        }
        return new TunDevice(name, queues, tcp, udp);
    }

    /** The flags are the argument itself, not the address of one. */
    private static boolean setOffload(int fd, int flags) {
        return Libc.ioctl(fd, LinuxConstants.TUNSETOFFLOAD, MemorySegment.ofAddress(flags)) >= 0;
    }

    /** One for each reading thread, at least one. */
    public List<TunQueue> queues() {
        return queues;
    }

    /** Whether TCP packets larger than the MTU may be read and written. */
    public boolean tcpOffload() {
        return tcpOffload;
    }

    /** Whether UDP packets larger than the MTU may be read and written. */
    public boolean udpOffload() {
        return udpOffload;
    }

    /** Packets that the kernel dropped before we could read them, because the queue was full. */
    public long dropped() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/net/dev"))) {
                if (line.strip().startsWith(name + ":")) {
                    // After the colon: 8 columns received, then bytes, packets, errs, drop sent (proc(5)).
                    return new Scanner(line.substring(line.indexOf(':') + 1))
                            .tokens()
                            .skip(11)
                            .mapToLong(Long::parseLong)
                            .findFirst()
                            .orElse(0);
                }
            }
        } catch (IOException | RuntimeException e) {
            return 0;
        }
        return 0;
    }

    public String name() {
        return name;
    }

    /** Gives the device its address (as /32) and MTU and sets it up. */
    public void configure(int address, int mtu) throws IOException {
        withoutIpv6();
        try (Arena arena = Arena.ofConfined()) {
            int socket = configurationSocket();
            try {
                MemorySegment request = interfaceRequest(arena, name);
                request.set(JAVA_INT, IFREQ_UNION, mtu);
                command(socket, LinuxConstants.SIOCSIFMTU, request, "set MTU " + mtu);
                request.set(JAVA_INT, IFREQ_UNION, TRANSMIT_QUEUE);
                command(socket, LinuxConstants.SIOCSIFTXQLEN, request, "set the queue length");
                putAddress(request, IFREQ_UNION, address);
                command(socket, LinuxConstants.SIOCSIFADDR, request, "set address " + dotted(address));
                putAddress(request, IFREQ_UNION, -1);
                command(socket, LinuxConstants.SIOCSIFNETMASK, request, "set the network mask");
                command(socket, LinuxConstants.SIOCGIFFLAGS, request, "read the flags");
                short flags = request.get(JAVA_SHORT, IFREQ_UNION);
                request.set(JAVA_SHORT, IFREQ_UNION, (short) (flags | LinuxConstants.IFF_UP));
                command(socket, LinuxConstants.SIOCSIFFLAGS, request, "set it up");
            } finally {
                Libc.close(socket);
            }
        }
    }

    /** Keeps the kernel from sending router solicitations to subscribers; a kernel without IPv6 needs no telling. */
    private void withoutIpv6() {
        try {
            ipv6Setting("disable_ipv6", "1");
        } catch (IOException e) {
            assert e != null; // They are counted and dropped, then.
        }
    }

    private void ipv6Setting(String setting, String value) throws IOException {
        Files.writeString(Path.of("/proc/sys/net/ipv6/conf", name, setting), value);
    }

    /**
     * Turns IPv6 on and gives the device, which must be up, an address (as /128), but none for its link: there are no
     * neighbours behind it that the kernel could talk to.
     *
     * @param high, low the address, big-endian
     */
    public void configureIpv6(long high, long low) throws IOException {
        try {
            ipv6Setting("addr_gen_mode", "1");
            ipv6Setting("accept_ra", "0");
            ipv6Setting("disable_ipv6", "0");
        } catch (IOException e) {
            throw new IOException(
                    "TUN device " + name + ": cannot turn IPv6 on: " + e.getMessage()
                            + "; the kernel must have IPv6, and /proc/sys/net be writable",
                    e);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(IN6_IFREQ_SIZE, 8);
            request.set(BIG_LONG, 0, high);
            request.set(BIG_LONG, 8, low);
            request.set(JAVA_INT, 16, 128);
            int socket = configurationSocket(LinuxConstants.AF_INET6);
            try {
                request.set(JAVA_INT, 20, index(arena, socket));
                command(socket, LinuxConstants.SIOCSIFADDR, request, "set its IPv6 address");
            } finally {
                Libc.close(socket);
            }
        }
    }

    /** Routes {@code high::/prefixLength} to the device, which must have IPv6. */
    public void addIpv6Route(long high, int prefixLength) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment route = arena.allocate(IN6_RTMSG_SIZE, 8);
            route.set(BIG_LONG, 0, high);
            route.set(JAVA_SHORT, 52, (short) prefixLength);
            route.set(JAVA_INT, 56, METRIC);
            route.set(JAVA_INT, 72, LinuxConstants.RTF_UP);
            int socket = configurationSocket(LinuxConstants.AF_INET6);
            try {
                route.set(JAVA_INT, 76, index(arena, socket));
                command(
                        socket,
                        LinuxConstants.SIOCADDRT,
                        route,
                        "route the IPv6 prefix " + Long.toHexString(high) + "/" + prefixLength + " to it");
            } finally {
                Libc.close(socket);
            }
        }
    }

    private int index(Arena arena, int socket) throws IOException {
        MemorySegment request = interfaceRequest(arena, name);
        command(socket, LinuxConstants.SIOCGIFINDEX, request, "find its index");
        return request.get(JAVA_INT, IFREQ_UNION);
    }

    /** Routes {@code network/prefixLength} to the device, which must be up. */
    public void addRoute(int network, int prefixLength) throws IOException {
        int mask = prefixLength == 0 ? 0 : -1 << (32 - prefixLength);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment route = arena.allocate(RTENTRY_SIZE, 8);
            putAddress(route, 8, network & mask);
            putAddress(route, 24, 0);
            putAddress(route, 40, mask);
            route.set(JAVA_SHORT, 56, (short) LinuxConstants.RTF_UP);
            route.set(JAVA_LONG, 88, arena.allocateFrom(name).address());
            int socket = configurationSocket();
            try {
                command(
                        socket,
                        LinuxConstants.SIOCADDRT,
                        route,
                        "route " + dotted(network & mask) + "/" + prefixLength + " to it");
            } finally {
                Libc.close(socket);
            }
        }
    }

    /** Whether the device is up and attached, as the kernel sees it now. */
    public boolean isUp() {
        return isUp(name);
    }

    private static boolean isUp(String name) {
        try (Arena arena = Arena.ofConfined()) {
            int socket = configurationSocket();
            try {
                MemorySegment request = interfaceRequest(arena, name);
                int wanted = LinuxConstants.IFF_UP | LinuxConstants.IFF_RUNNING;
                return Libc.ioctl(socket, LinuxConstants.SIOCGIFFLAGS, request) >= 0
                        && (request.get(JAVA_SHORT, IFREQ_UNION) & wanted) == wanted;
            } finally {
                Libc.close(socket);
            }
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        queues.forEach(TunQueue::close);
    }

    private static String openFailure(String name, int errno) {
        String remedy = switch (errno) {
            case LinuxConstants.ENOENT, LinuxConstants.ENODEV, LinuxConstants.ENXIO ->
                CLONE_DEVICE + " is missing: load the module (modprobe tun), or pass the device into the "
                        + "container";
            case LinuxConstants.EPERM, LinuxConstants.EACCES ->
                "CAP_NET_ADMIN is needed: run as root, give the capability, or run without a TUN device";
            case LinuxConstants.EBUSY -> "another process holds this device: choose another name";
            case LinuxConstants.EINVAL -> "a device of this name exists and is not a plain TUN device";
            default -> "";
        };
        return "cannot open TUN device " + name + ": " + LinuxConstants.describe(errno)
                + (remedy.isEmpty() ? "" : "; " + remedy);
    }

    private static int configurationSocket() throws IOException {
        return configurationSocket(LinuxConstants.AF_INET);
    }

    private static int configurationSocket(short family) throws IOException {
        int socket = Libc.socket(family, LinuxConstants.SOCK_DGRAM | LinuxConstants.SOCK_CLOEXEC, 0);
        if (socket < 0) {
            throw new IOException("cannot create a socket: " + LinuxConstants.describe(-socket));
        }
        return socket;
    }

    private void command(int socket, long request, MemorySegment argument, String what) throws IOException {
        int result = Libc.ioctl(socket, request, argument);
        if (result < 0) {
            String remedy = switch (-result) {
                case LinuxConstants.EPERM, LinuxConstants.EACCES -> "; CAP_NET_ADMIN is needed";
                case LinuxConstants.EEXIST -> "; something else has that route already (ip route shows it)";
                default -> "";
            };
            throw new IOException(
                    "TUN device " + name + ": cannot " + what + ": " + LinuxConstants.describe(-result) + remedy);
        }
    }

    private static MemorySegment interfaceRequest(Arena arena, String name) {
        MemorySegment request = arena.allocate(IFREQ_SIZE, 8);
        request.setString(0, name, StandardCharsets.US_ASCII);
        return request;
    }

    private static void putAddress(MemorySegment target, long at, int address) {
        target.asSlice(at, 16).fill((byte) 0);
        target.set(JAVA_SHORT, at, LinuxConstants.AF_INET);
        target.set(BIG_INT, at + 4, address);
    }

    private static String dotted(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 0xff) + "." + (address >>> 8 & 0xff) + "." + (address & 0xff);
    }
}
