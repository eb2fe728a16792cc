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

/**
 * A TUN network device: what is written to it arrives in the kernel as an IP packet from that device, and what the
 * kernel routes to it is read here. It vanishes, with its routes, when it is closed or the process ends. One thread
 * reads; any thread writes. Both must have ended before {@link #close}.
 */
public final class TunDevice implements AutoCloseable {
    private static final ValueLayout.OfInt BIG_INT = JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final String CLONE_DEVICE = "/dev/net/tun";

    // struct ifreq: name 0, union 16, 40 octets; struct rtentry: dst 8, genmask 40, flags 56, dev 88, 120 octets
    private static final int IFREQ_SIZE = 40;
    private static final int IFREQ_UNION = 16;
    private static final int RTENTRY_SIZE = 120;

    private static final int TRANSMIT_QUEUE = 1_000;

    private final int fd;
    private final String name;
    private final MemorySegment pollDescriptor = Arena.ofAuto().allocate(8, 8);

    private TunDevice(int fd, String name) {
        this.fd = fd;
        this.name = name;
        pollDescriptor.set(JAVA_INT, 0, fd);
        pollDescriptor.set(JAVA_SHORT, 4, LinuxConstants.POLLIN);
    }

    /** Creates the device, or takes over a persistent one of that name that nobody holds. It is not up yet. */
    public static TunDevice open(String name) throws IOException {
        if (name.isEmpty() || name.getBytes(StandardCharsets.US_ASCII).length >= LinuxConstants.IFNAMSIZ) {
            throw new IOException("bad TUN device name \"" + name + "\": 1 to 15 characters are allowed");
        }
        try (Arena arena = Arena.ofConfined()) {
            int fd = Libc.open(
                    arena.allocateFrom(CLONE_DEVICE),
                    LinuxConstants.O_RDWR | LinuxConstants.O_NONBLOCK | LinuxConstants.O_CLOEXEC);
            if (fd < 0) {
                throw new IOException(openFailure(name, -fd));
            }
            MemorySegment request = interfaceRequest(arena, name);
            request.set(JAVA_SHORT, IFREQ_UNION, (short) (LinuxConstants.IFF_TUN | LinuxConstants.IFF_NO_PI));
            int result = Libc.ioctl(fd, LinuxConstants.TUNSETIFF, request);
            if (result < 0) {
                Libc.close(fd);
                throw new IOException(openFailure(name, -result));
            }
            return new TunDevice(fd, request.getString(0));
        }
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
            Files.writeString(Path.of("/proc/sys/net/ipv6/conf", name, "disable_ipv6"), "1");
        } catch (IOException e) {
            assert e != null; // They are counted and dropped, then.
        }
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

    /**
     * Reads one packet into {@code slot}, after the headroom.
     *
     * @return its length; 0 when there is none now
     */
    public int read(PacketBuffers batch, int slot) throws IOException {
        long origin = batch.origin(slot);
        int result = Libc.read(fd, batch.address(origin, batch.capacity()), batch.capacity());
        if (result > 0) {
            batch.setPacket(slot, origin, result);
            return result;
        }
        return switch (-result) {
            case LinuxConstants.EAGAIN, LinuxConstants.EINTR, 0 -> 0;
            default -> throw new IOException("reading from " + name + ": " + LinuxConstants.describe(-result));
        };
    }

    /** Waits until a packet can be read, or {@code millis} have passed. Only for the reading thread. */
    public boolean awaitReadable(int millis) {
        return Libc.poll(pollDescriptor.address(), 1, millis) > 0;
    }

    /**
     * Writes the packet of {@code length} octets at {@code offset} of the batch's memory.
     *
     * @return 0, or the errno when the kernel did not take it
     */
    public int write(PacketBuffers batch, long offset, int length) {
        int result = Libc.write(fd, batch.address(offset, length), length);
        return result < 0 ? -result : 0;
    }

    @Override
    public void close() {
        Libc.close(fd);
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
        int socket = Libc.socket(LinuxConstants.AF_INET, LinuxConstants.SOCK_DGRAM | LinuxConstants.SOCK_CLOEXEC, 0);
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
