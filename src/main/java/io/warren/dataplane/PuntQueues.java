package io.warren.dataplane;

import io.warren.control.port.Ingress.FrameArrived;
import io.warren.control.port.PeerPath;
import java.util.Collection;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Between the threads that read packets and the stream that takes them on: one bounded queue for control packets, one
 * for PPP frames, so that a flood of one kind cannot push out the other. What does not fit is refused, the newest
 * first. The stream is woken only when it has said that it is idle, and once for a batch.
 */
final class PuntQueues {
    /** A control packet whose header looks right, not decoded yet. */
    static final class ControlDatagram {
        final PeerPath path;
        final byte[] octets;

        ControlDatagram(PeerPath path, byte[] octets) {
            this.path = path;
            this.octets = octets;
        }
    }

    /** Frames taken between two looks at the control queue: control waits for no more than this. */
    private static final int FRAMES_PER_ROUND = 16;

    private static final int CONTROL_PER_ROUND = 64;

    private final ArrayBlockingQueue<ControlDatagram> control;
    private final ArrayBlockingQueue<FrameArrived> frames;
    private final AtomicBoolean idle = new AtomicBoolean();
    private volatile Runnable waker = () -> {};

    PuntQueues(int controlBound, int frameBound) {
        control = new ArrayBlockingQueue<>(controlBound);
        frames = new ArrayBlockingQueue<>(frameBound);
    }

    boolean offerControl(ControlDatagram datagram) {
        return control.offer(datagram);
    }

    boolean offerFrame(FrameArrived frame) {
        return frames.offer(frame);
    }

    /** Called by a reading thread after a batch from which it has offered something. */
    void wake() {
        if (idle.get() && idle.compareAndSet(true, false)) {
            waker.run();
        }
    }

    /** Who is to be called when something arrives for an idle stream. What waits already is for it, too. */
    void attach(Runnable newWaker) {
        idle.set(false);
        waker = newWaker;
    }

    void drainControl(Collection<ControlDatagram> into) {
        control.drainTo(into, CONTROL_PER_ROUND);
    }

    void drainFrames(Collection<? super FrameArrived> into) {
        frames.drainTo(into, FRAMES_PER_ROUND);
    }

    /** Says that the queues were found empty. False when something has come in meanwhile: look again. */
    boolean becomeIdle() {
        idle.set(true);
        return (control.isEmpty() && frames.isEmpty()) || !idle.compareAndSet(true, false);
    }
}
