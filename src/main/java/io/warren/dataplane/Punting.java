package io.warren.dataplane;

import io.warren.control.port.Ingress.FrameArrived;
import io.warren.control.port.PeerPath;
import io.warren.wire.Bytes;
import java.lang.foreign.MemorySegment;

/** Hands what the control plane is to see to its queues, and wakes it once for a batch. Belongs to one thread. */
final class Punting {
    private final PuntQueues punts;
    private final Drops drops;
    private boolean punted;

    Punting(PuntQueues punts, Drops drops) {
        this.punts = punts;
        this.drops = drops;
    }

    /** False when too many wait. */
    boolean control(PeerPath path, byte[] datagram) {
        boolean taken = punts.offerControl(new PuntQueues.ControlDatagram(path, datagram));
        punted |= taken;
        return taken;
    }

    /** Drops it when too many wait. */
    void frame(PeerPath path, int key, MemorySegment memory, long at, int length) {
        Bytes frame = Bytes.of(Octets.copy(memory, at, length));
        if (punts.offerFrame(new FrameArrived(path, ForwardingTable.sessionKey(key), frame))) {
            punted = true;
        } else if (drops.countIsDue(DropReason.FRAME_QUEUE_FULL)) {
            drops.log(DropReason.FRAME_QUEUE_FULL, "from " + path.remote());
        }
    }

    /** The batch is over. */
    void wake() {
        if (punted) {
            punted = false;
            punts.wake();
        }
    }
}
