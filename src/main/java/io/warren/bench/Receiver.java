package io.warren.bench;

import io.warren.sys.PacketBuffers;
import io.warren.sys.UdpSocket;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/** A thread that takes what comes to a socket, and hands it over with the run that is on. */
final class Receiver implements AutoCloseable {
    /** Is called on the receiver's thread. */
    interface Handler {
        void packet(PacketBuffers batch, int slot, Arrivals arrivals, long now);

        /** After each batch, and at least ten times a second. */
        void idle() throws IOException;
    }

    private static final int BATCH = 64;
    private static final int SLOT = 2_048;

    private final UdpSocket socket;
    private final int kind;
    private final Handler handler;
    private final PacketBuffers batch = new PacketBuffers(BATCH, 0, SLOT);
    private final ReentrantLock lock = new ReentrantLock();
    private final Thread thread;
    private Arrivals arrivals;
    private volatile boolean closing;

    private Receiver(UdpSocket socket, int kind, Handler handler) {
        this.socket = socket;
        this.kind = kind;
        this.handler = handler;
        this.arrivals = new Arrivals(kind, 0, 0);
        this.thread = Thread.ofPlatform().daemon().name("receiver").unstarted(this::receive);
    }

    static Receiver start(UdpSocket socket, int kind, Handler handler) {
        Receiver receiver = new Receiver(socket, kind, handler);
        receiver.thread.start();
        return receiver;
    }

    Answer expect(int run, int flows) {
        lock.lock();
        try {
            arrivals = new Arrivals(kind, run, flows);
        } finally {
            lock.unlock();
        }
        return new Answer.Done();
    }

    Answer.Counts counts() {
        lock.lock();
        try {
            return arrivals.counts();
        } finally {
            lock.unlock();
        }
    }

    private void receive() {
        try {
            while (!closing) {
                int count = socket.receive(batch);
                lock.lock();
                try {
                    long now = System.nanoTime();
                    for (int slot = 0; slot < count; slot++) {
                        handler.packet(batch, slot, arrivals, now);
                    }
                } finally {
                    lock.unlock();
                }
                handler.idle();
            }
        } catch (IOException e) {
            System.err.println("receiving: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        closing = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
