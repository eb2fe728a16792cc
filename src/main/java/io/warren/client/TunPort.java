package io.warren.client;

import io.warren.sys.PacketBuffers;
import io.warren.sys.TunDevice;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** A TUN device at the client's end of a call, with a thread that reads it into a bounded queue. */
final class TunPort implements AutoCloseable {
    private static final int QUEUE = 1_024;
    private static final int LARGEST = 65_535;
    private static final int POLL_MILLIS = 200;

    private final TunDevice device;
    private final Runnable arrived;
    private final PacketBuffers outgoing = new PacketBuffers(1, 0, LARGEST);
    private final BlockingQueue<byte[]> queue = new LinkedBlockingQueue<>(QUEUE);
    private final Thread reader =
            Thread.ofPlatform().daemon().name("tun-reader").unstarted(this::read);
    private volatile boolean closing;

    private TunPort(TunDevice device, Runnable arrived) {
        this.device = device;
        this.arrived = arrived;
    }

    /**
     * @param address ours, peer theirs: big-endian ints
     * @param arrived is called, on another thread, when {@link #poll} may have a packet
     */
    static TunPort open(String name, int address, int peer, int mtu, Runnable arrived) throws IOException {
        TunDevice device = TunDevice.open(name);
        try {
            device.configure(address, mtu);
            device.addRoute(peer, 32);
        } catch (IOException e) {
            device.close();
            throw e;
        }
        TunPort port = new TunPort(device, arrived);
        port.reader.start();
        return port;
    }

    /** A packet that the kernel routed here, if there is one. */
    byte @Nullable [] poll() {
        return queue.poll();
    }

    /** Gives a packet to the kernel, which may refuse it; then it is lost. */
    void write(byte[] packet) {
        long origin = outgoing.origin(0);
        MemorySegment.copy(packet, 0, outgoing.memory(), ValueLayout.JAVA_BYTE, origin, packet.length);
        device.write(outgoing, origin, packet.length);
    }

    private void read() {
        PacketBuffers buffers = new PacketBuffers(1, 0, LARGEST);
        try {
            while (!closing) {
                if (!device.awaitReadable(POLL_MILLIS)) {
                    continue;
                }
                int length = device.read(buffers, 0);
                long start = buffers.start(0);
                if (length > 0
                        && queue.offer(buffers.memory().asSlice(start, length).toArray(ValueLayout.JAVA_BYTE))) {
                    arrived.run();
                }
            }
        } catch (IOException e) {
            // The device went down under us: nothing more comes from it, and the call's own keepalive goes on.
            closing = true;
        }
    }

    @Override
    public void close() {
        closing = true;
        try {
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        device.close();
    }
}
