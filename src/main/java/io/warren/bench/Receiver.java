package io.warren.bench;

import io.warren.sys.PacketBuffers;
import io.warren.sys.UdpSocket;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Takes what comes to some sockets, a thread for each, and hands it over, to one thread at a time, with the run that is on. */
final class Receiver implements AutoCloseable {
    /** Is called by one thread at a time, not always the same. */
    interface Handler {
        void packet(PacketBuffers batch, int slot, Arrivals arrivals, long now);

        /** After each batch, and at least ten times a second. */
        void idle() throws IOException;
    }

    private static final int BATCH = 64;
    private static final int SLOT = 2_048;

    private final int kind;
    private final Handler handler;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Thread> threads;
    private Arrivals arrivals;
    private volatile boolean closing;

    private Receiver(List<UdpSocket> sockets, int kind, Handler handler) {
        this.kind = kind;
        this.handler = handler;
        this.arrivals = new Arrivals(kind, 0, 0, null);
        this.threads = sockets.stream()
                .map(socket -> Thread.ofPlatform().daemon().name("receiver").unstarted(() -> receive(socket)))
                .toList();
    }

    /** One that {@link #start} lets begin. */
    static Receiver of(List<UdpSocket> sockets, int kind, Handler handler) {
        return new Receiver(sockets, kind, handler);
    }

    void start() {
        threads.forEach(Thread::start);
    }

    /** Does something while no thread has the handler. */
    <T> T exclusively(Supplier<T> task) {
        lock.lock();
        try {
            return task.get();
        } finally {
            lock.unlock();
        }
    }

    /** A run begins. */
    Answer expect(Order.Expect expect, int flows) {
        return exclusively(() -> {
            Silences silences = expect.silences() ? new Silences(flows, System.nanoTime()) : null;
            arrivals = new Arrivals(kind, expect.run(), flows, silences);
            return new Answer.Done();
        });
    }

    Answer.Counts counts() {
        return exclusively(() -> arrivals.counts());
    }

    Gaps gaps(Order.Silent order) {
        return exclusively(() -> arrivals.gaps(order.ended(), order.interval()));
    }

    private void receive(UdpSocket socket) {
        PacketBuffers batch = new PacketBuffers(BATCH, 0, SLOT);
        try {
            while (!closing) {
                int count = socket.receive(batch);
                long now = System.nanoTime();
                lock.lock();
                try {
                    for (int slot = 0; slot < count; slot++) {
                        handler.packet(batch, slot, arrivals, now);
                    }
                    handler.idle();
                } finally {
                    lock.unlock();
                }
            }
        } catch (IOException e) {
            System.err.println("receiving: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        closing = true;
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
