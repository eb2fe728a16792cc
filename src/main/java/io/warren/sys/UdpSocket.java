package io.warren.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A bound, unconnected UDP socket over IPv4 or IPv6, never both, that knows which of our addresses each datagram was
 * sent to, and sends with the source address it is told. One thread receives, any thread sends single datagrams; batches are sent by one
 * thread, or by several that do not {@link #setDontFragment} at the same time. The threads that use batches must have
 * ended before {@link #close}.
 */
public final class UdpSocket implements AutoCloseable {
    /** A receiving thread comes back at least this often, to see whether it should end. */
    public static final int RECEIVE_TIMEOUT_MILLIS = 100;

    private static final int LARGEST_DATAGRAM = 65_507;

    /**
     * How a socket is made.
     *
     * @param receiveBuffer wished size in octets; {@link UdpSocket#receiveBuffer()} tells what was granted
     * @param sendBuffer wished size in octets
     * @param shared whether other sockets of ours may have the same address and port: the kernel gives all packets of one
     *     peer to one of them
     * @param coalesced whether datagrams may arrive as one, where the kernel can do it; buffers must then hold 65,535
     *     octets
     */
    public record Options(int receiveBuffer, int sendBuffer, boolean shared, boolean coalesced) {}

    // linux/sock_diag.h: the ninth of the counters of SO_MEMINFO
    private static final int MEMINFO_COUNT = 9;
    private static final int MEMINFO_DROPS = 8;

    private final int fd;
    private final boolean coalesced;
    private final InetSocketAddress localAddress;
    private final boolean ipv6;
    private final int receiveBuffer;
    private final int sendBuffer;
    private final MemorySegment pollDescriptor = Arena.ofAuto().allocate(8, 8);
    private final ReentrantLock singleLock = new ReentrantLock();
    private final PacketBuffers single = new PacketBuffers(1, 0, LARGEST_DATAGRAM);
    private boolean closed;

    /** Only for the thread that sends batches. */
    private boolean dontFragment;

    private UdpSocket(int fd, InetSocketAddress localAddress, int receiveBuffer, int sendBuffer, boolean coalesced) {
        this.fd = fd;
        this.coalesced = coalesced;
        pollDescriptor.set(JAVA_INT, 0, fd);
        pollDescriptor.set(JAVA_SHORT, 4, LinuxConstants.POLLIN);
        this.localAddress = localAddress;
        this.ipv6 = localAddress.getAddress() instanceof Inet6Address;
        this.receiveBuffer = receiveBuffer;
        this.sendBuffer = sendBuffer;
    }

    /**
     * Binds.
     *
     * @param local an address of this machine or the wildcard of either family; port 0 takes any free port
     * @param receiveBuffer wished size in octets; {@link #receiveBuffer()} tells what was granted
     * @param sendBuffer wished size in octets
     */
    public static UdpSocket bind(InetSocketAddress local, int receiveBuffer, int sendBuffer) throws IOException {
        return bind(local, new Options(receiveBuffer, sendBuffer, false, false));
    }

    /**
     * Binds.
     *
     * @param local an address of this machine or the wildcard of either family; port 0 takes any free port
     */
    public static UdpSocket bind(InetSocketAddress local, Options options) throws IOException {
        InetAddress address = local.getAddress();
        if (address == null) {
            throw new IOException("cannot listen on " + local + ": its name is not known");
        }
        if (address.isLinkLocalAddress() && address instanceof Inet6Address) {
            throw new IOException(
                    "cannot listen on " + local + ": a link-local address does not tell its link; write another one");
        }
        boolean ipv6 = address instanceof Inet6Address;
        int fd = socket(ipv6);
        if (fd < 0) {
            throw new IOException("cannot create a UDP socket for " + text(local) + ": " + LinuxConstants.describe(-fd)
                    + (fd == -LinuxConstants.EAFNOSUPPORT ? "; this machine has no IPv6" : ""));
        }
        try (Arena arena = Arena.ofConfined()) {
            if (ipv6) {
                // Else the wildcard would take the IPv4 port, too.
                setOption(arena, fd, LinuxConstants.IPPROTO_IPV6, LinuxConstants.IPV6_V6ONLY, 1);
            }
            if (address.isAnyLocalAddress()) {
                tellLocalAddress(arena, fd, ipv6);
            }
            if (options.shared()) {
                setOption(arena, fd, LinuxConstants.SOL_SOCKET, LinuxConstants.SO_REUSEPORT, 1);
            }
            // A tunnel must carry what its link can not: let the kernel fragment rather than refuse.
            fragment(arena, fd, ipv6, LinuxConstants.IP_PMTUDISC_DONT);
            MemorySegment on = arena.allocateFrom(JAVA_INT, 1);
            boolean coalesced = options.coalesced()
                    && Libc.setsockopt(fd, LinuxConstants.SOL_UDP, LinuxConstants.UDP_GRO, on, 4) >= 0;
            setReceiveTimeout(arena, fd);
            int received = setBuffer(
                    arena, fd, LinuxConstants.SO_RCVBUFFORCE, LinuxConstants.SO_RCVBUF, options.receiveBuffer());
            int sent =
                    setBuffer(arena, fd, LinuxConstants.SO_SNDBUFFORCE, LinuxConstants.SO_SNDBUF, options.sendBuffer());
            MemorySegment name = arena.allocate(SocketAddress.LARGEST, 4);
            byte[] octets = address.getAddress();
            int length = SocketAddress.put(name, 0, AddressBits.high(octets), AddressBits.low(octets), local.getPort());
            int result = Libc.bind(fd, name, length);
            if (result < 0) {
                throw new IOException(bindFailure(local, -result));
            }
            return new UdpSocket(fd, new InetSocketAddress(address, boundPort(arena, fd)), received, sent, coalesced);
        } catch (IOException | RuntimeException e) {
            Libc.close(fd);
            throw e;
        }
    }

    private static int socket(boolean ipv6) {
        int family = ipv6 ? LinuxConstants.AF_INET6 : LinuxConstants.AF_INET;
        return Libc.socket(family, LinuxConstants.SOCK_DGRAM | LinuxConstants.SOCK_CLOEXEC, 0);
    }

    private static void tellLocalAddress(Arena arena, int fd, boolean ipv6) throws IOException {
        if (ipv6) {
            setOption(arena, fd, LinuxConstants.IPPROTO_IPV6, LinuxConstants.IPV6_RECVPKTINFO, 1);
        } else {
            setOption(arena, fd, LinuxConstants.IPPROTO_IP, LinuxConstants.IP_PKTINFO, 1);
        }
    }

    /** @param discovery of the path's MTU, which has the same numbers for both families */
    private static void fragment(Arena arena, int fd, boolean ipv6, int discovery) throws IOException {
        if (ipv6) {
            setOption(arena, fd, LinuxConstants.IPPROTO_IPV6, LinuxConstants.IPV6_MTU_DISCOVER, discovery);
        } else {
            setOption(arena, fd, LinuxConstants.IPPROTO_IP, LinuxConstants.IP_MTU_DISCOVER, discovery);
        }
    }

    /** The address from which the route to {@code peer} leaves. Nothing is sent. */
    public static InetAddress addressTowards(InetSocketAddress peer) throws IOException {
        try (DatagramSocket probe = new DatagramSocket()) {
            probe.connect(peer);
            return probe.getLocalAddress();
        }
    }

    /** The address as bound (perhaps the wildcard), and the port, never 0. */
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    /** Whether the socket takes datagrams for all addresses of this machine. */
    public boolean wildcard() {
        return localAddress.getAddress().isAnyLocalAddress();
    }

    /** Whether it speaks IPv6, and so no IPv4. */
    public boolean ipv6() {
        return ipv6;
    }

    /** Receive buffer granted by the kernel, in octets. */
    public int receiveBuffer() {
        return receiveBuffer;
    }

    /** Send buffer granted by the kernel, in octets. */
    public int sendBuffer() {
        return sendBuffer;
    }

    /** Whether datagrams may arrive as one: see {@link PacketBuffers#segmentSize}. */
    public boolean coalesced() {
        return coalesced;
    }

    /**
     * Whether what is sent from now on is refused when it is larger than a link on the way; else, as at the start, it is
     * fragmented. Only for the thread that sends batches.
     */
    public void setDontFragment(boolean wanted) {
        if (wanted == dontFragment) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            fragment(arena, fd, ipv6, wanted ? LinuxConstants.IP_PMTUDISC_DO : LinuxConstants.IP_PMTUDISC_DONT);
            dontFragment = wanted;
        } catch (IOException e) {
            throw new IllegalStateException("the kernel took the same option when the socket was made", e);
        }
    }

    /** Datagrams that the kernel dropped because the receive buffer was full. */
    public long dropped() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment counters = arena.allocate(JAVA_INT, MEMINFO_COUNT);
            MemorySegment length = arena.allocateFrom(JAVA_INT, MEMINFO_COUNT * 4);
            return Libc.getsockopt(fd, LinuxConstants.SOL_SOCKET, LinuxConstants.SO_MEMINFO, counters, length) < 0
                    ? 0
                    : counters.getAtIndex(JAVA_INT, MEMINFO_DROPS) & 0xffff_ffffL;
        }
    }

    /** Whether the kernel can send many datagrams as one. */
    public boolean canSegment() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_INT);
            MemorySegment length = arena.allocateFrom(JAVA_INT, 4);
            return Libc.getsockopt(fd, LinuxConstants.SOL_UDP, LinuxConstants.UDP_SEGMENT, value, length) >= 0;
        }
    }

    /**
     * Largest IP packet that reaches a peer unfragmented, as the kernel knows now; for a socket that does not fragment.
     *
     * @return octets, or 0 when the kernel does not tell
     */
    public static int pathMtu(long remoteHigh, long remoteLow, int port) {
        boolean ipv6 = !AddressBits.isIpv4(remoteHigh, remoteLow);
        int probe = socket(ipv6);
        if (probe < 0) {
            return 0;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_INT);
            MemorySegment length = arena.allocateFrom(JAVA_INT, 4);
            MemorySegment name = arena.allocate(SocketAddress.LARGEST, 4);
            int level = ipv6 ? LinuxConstants.IPPROTO_IPV6 : LinuxConstants.IPPROTO_IP;
            int option = ipv6 ? LinuxConstants.IPV6_MTU : LinuxConstants.IP_MTU;
            return Libc.connect(probe, name, SocketAddress.put(name, 0, remoteHigh, remoteLow, port)) >= 0
                            && Libc.getsockopt(probe, level, option, value, length) >= 0
                    ? value.get(JAVA_INT, 0)
                    : 0;
        } finally {
            Libc.close(probe);
        }
    }

    /**
     * Waits for at least one datagram and takes as many as there are and fit. Slots from 0 hold them.
     *
     * @return how many; 0 after {@link #RECEIVE_TIMEOUT_MILLIS} without any
     */
    public int receive(PacketBuffers batch) throws IOException {
        batch.prepareToReceive();
        int result = Libc.recvmmsg(fd, batch.headerAddress(0), batch.batchSize(), LinuxConstants.MSG_WAITFORONE);
        if (result >= 0) {
            batch.received(result);
            return result;
        }
        return switch (-result) {
            // ECONNREFUSED and its like are echoes of earlier sends, not a fault of this socket.
            case LinuxConstants.EAGAIN,
                    LinuxConstants.EINTR,
                    LinuxConstants.ECONNREFUSED,
                    LinuxConstants.EHOSTUNREACH,
                    LinuxConstants.ENETUNREACH -> 0;
            default -> throw new IOException("receiving on " + localAddress + ": " + LinuxConstants.describe(-result));
        };
    }

    /** Waits until a datagram can be received, or {@code millis} have passed. Only for the receiving thread. */
    public boolean awaitReadable(int millis) {
        return Libc.poll(pollDescriptor.address(), 1, millis) > 0;
    }

    /**
     * Sends slots {@code from} to {@code to - 1}, waiting while the send buffer is full.
     *
     * @return how many were sent, at least 1, or the negated errno of the first one
     */
    public int send(PacketBuffers batch, int from, int to) {
        int result;
        do {
            result = Libc.sendmmsg(fd, batch.headerAddress(from), to - from, 0);
        } while (result == -LinuxConstants.EINTR);
        return result;
    }

    /**
     * Sends messages {@code from} to {@code to - 1}, waiting while the send buffer is full.
     *
     * @return how many were sent, at least 1, or the negated errno of the first one
     */
    public int send(SendMessages messages, int from, int to) {
        int result;
        do {
            result = Libc.sendmmsg(fd, messages.address(from), to - from, 0);
        } while (result == -LinuxConstants.EINTR);
        return result;
    }

    /** Whether an errno of {@link #send} says that datagrams cannot leave as one, though perhaps one by one. */
    public static boolean refusesSegments(int errno) {
        return errno == LinuxConstants.EINVAL || errno == LinuxConstants.EMSGSIZE || errno == LinuxConstants.EIO;
    }

    /** Whether an errno of {@link #send} says that a packet is larger than a link on the way. */
    public static boolean tooLong(int errno) {
        return errno == LinuxConstants.EMSGSIZE;
    }

    /**
     * Sends one datagram at once or not at all. Safe from any thread, also after {@link #close}.
     *
     * @param localHigh our address that it leaves with, see {@link AddressBits}; both 0: the kernel chooses
     * @return whether the kernel took it; it does not when the receiver is of the other family
     */
    public boolean sendNow(byte[] datagram, long localHigh, long localLow, long high, long low, int port) {
        if (datagram.length > LARGEST_DATAGRAM) {
            return false;
        }
        singleLock.lock();
        try {
            if (closed) {
                return false;
            }
            MemorySegment.copy(datagram, 0, single.memory(), ValueLayout.JAVA_BYTE, single.origin(0), datagram.length);
            single.setPacket(0, single.origin(0), datagram.length);
            single.setRemote(0, high, low, port);
            if ((localHigh | localLow) == 0) {
                single.clearLocal(0);
            } else {
                single.setLocal(0, localHigh, localLow);
            }
            return Libc.sendmmsg(fd, single.headerAddress(0), 1, LinuxConstants.MSG_DONTWAIT) == 1;
        } finally {
            singleLock.unlock();
        }
    }

    @Override
    public void close() {
        singleLock.lock();
        try {
            if (!closed) {
                closed = true;
                Libc.close(fd);
            }
        } finally {
            singleLock.unlock();
        }
    }

    /** What an errno of {@link #send} means. */
    public static String describe(int errno) {
        return LinuxConstants.describe(errno);
    }

    private static String bindFailure(InetSocketAddress local, int errno) {
        String remedy = switch (errno) {
            case LinuxConstants.EADDRINUSE ->
                "another process has this port: stop it (ss -ulpn shows it) or listen elsewhere";
            case LinuxConstants.EADDRNOTAVAIL ->
                "this machine has no such address: correct it, or listen on "
                        + (local.getAddress() instanceof Inet6Address ? "[::]" : "0.0.0.0");
            case LinuxConstants.EACCES -> "ports below net.ipv4.ip_unprivileged_port_start need CAP_NET_BIND_SERVICE";
            default -> "";
        };
        return "cannot listen on " + text(local) + ": " + LinuxConstants.describe(errno)
                + (remedy.isEmpty() ? "" : "; " + remedy);
    }

    private static int boundPort(Arena arena, int fd) throws IOException {
        MemorySegment name = arena.allocate(SocketAddress.LARGEST, 4);
        MemorySegment length = arena.allocateFrom(JAVA_INT, SocketAddress.LARGEST);
        int result = Libc.getsockname(fd, name, length);
        if (result < 0) {
            throw new IOException("getsockname: " + LinuxConstants.describe(-result));
        }
        return SocketAddress.port(name, 0);
    }

    private static void setOption(Arena arena, int fd, int level, int option, int value) throws IOException {
        int result = Libc.setsockopt(fd, level, option, arena.allocateFrom(JAVA_INT, value), 4);
        if (result < 0) {
            throw new IOException("setsockopt " + level + "/" + option + ": " + LinuxConstants.describe(-result));
        }
    }

    private static void setReceiveTimeout(Arena arena, int fd) throws IOException {
        MemorySegment timeval = arena.allocate(16, 8);
        timeval.set(JAVA_LONG, 8, RECEIVE_TIMEOUT_MILLIS * 1_000L);
        int result = Libc.setsockopt(fd, LinuxConstants.SOL_SOCKET, LinuxConstants.SO_RCVTIMEO, timeval, 16);
        if (result < 0) {
            throw new IOException("setsockopt SO_RCVTIMEO: " + LinuxConstants.describe(-result));
        }
    }

    /** FORCE passes the sysctl limit but needs CAP_NET_ADMIN; the plain option is cut down to the limit silently. */
    private static int setBuffer(Arena arena, int fd, int force, int plain, int size) throws IOException {
        MemorySegment value = arena.allocateFrom(JAVA_INT, size);
        if (Libc.setsockopt(fd, LinuxConstants.SOL_SOCKET, force, value, 4) < 0) {
            setOption(arena, fd, LinuxConstants.SOL_SOCKET, plain, size);
        }
        MemorySegment length = arena.allocateFrom(JAVA_INT, 4);
        int result = Libc.getsockopt(fd, LinuxConstants.SOL_SOCKET, plain, value, length);
        if (result < 0) {
            throw new IOException("getsockopt: " + LinuxConstants.describe(-result));
        }
        // The kernel doubles what it is given, for its own book-keeping (socket(7)).
        return value.get(JAVA_INT, 0) / 2;
    }

    /** For messages only. */
    @Override
    public String toString() {
        return text(localAddress);
    }

    private static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }
}
