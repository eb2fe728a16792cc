package io.warren.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** One queue of a {@link TunDevice}: one thread reads; any thread writes. */
public final class TunQueue {
    private final int fd;
    private final String name;
    private final boolean headers;
    private final List<TunWriter> writers = new ArrayList<>();
    private final MemorySegment pollDescriptor = Arena.ofAuto().allocate(8, 8);

    TunQueue(int fd, String name, boolean headers) {
        this.fd = fd;
        this.name = name;
        this.headers = headers;
        pollDescriptor.set(JAVA_INT, 0, fd);
        pollDescriptor.set(JAVA_SHORT, 4, LinuxConstants.POLLIN);
    }

    /** Whether a {@code virtio_net_hdr} of 10 octets, little-endian, precedes each packet, both ways. */
    public boolean headers() {
        return headers;
    }

    int descriptor() {
        return fd;
    }

    /**
     * Reads one packet, with its header if there are {@link #headers}.
     *
     * @param capacity most octets to read; what is over is lost
     * @return octets read; 0 when there is no packet now
     */
    public int read(MemorySegment memory, long at, int capacity) throws IOException {
        Objects.checkFromIndexSize(at, (long) capacity, memory.byteSize());
        int result = Libc.read(fd, memory.address() + at, capacity);
        if (result > 0) {
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
     * Writes one packet, with its header if there are {@link #headers}.
     *
     * @return 0, or the errno when the kernel did not take it
     */
    public int write(MemorySegment memory, long at, int length) {
        Objects.checkFromIndexSize(at, (long) length, memory.byteSize());
        int result = Libc.write(fd, memory.address() + at, length);
        return result < 0 ? -result : 0;
    }

    /** A writer of many packets at a time, for one thread. It ends with the device. */
    public synchronized TunWriter writer(int batch) {
        TunWriter writer = new TunWriter(this, batch);
        writers.add(writer);
        return writer;
    }

    synchronized void close() {
        writers.forEach(TunWriter::close);
        Libc.close(fd);
    }
}
