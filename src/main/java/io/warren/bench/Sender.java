package io.warren.bench;

import io.warren.sys.PacketBuffers;
import io.warren.sys.UdpSocket;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends packets at a steady rate, some at a time, and little to make up for time lost: a
 * sender that cannot keep up sends less. Allocates nothing per packet.
 */
final class Sender {
    /** Makes one packet, ready to be sent, in a slot. */
    interface Maker {
        /** @param size of the IP packet in octets */
        void make(PacketBuffers batch, int slot, int size, int run, int flow, int sequence, long time);
    }

    /** A socket, and the flows that leave through it. All packets of one batch take one lane. */
    static final class Lane {
        private final UdpSocket socket;
        private final int[] flows;

        Lane(UdpSocket socket, int[] flows) {
            this.socket = socket;
            this.flows = flows;
        }
    }

    private static final int BATCH = 64;
    private static final int SLOT = 1_600;

    private final Lane[] lanes;
    /** By lane: the place of the flow that is next. */
    private final int[] places;

    private final Maker maker;
    private final PacketBuffers batch = new PacketBuffers(BATCH, 0, SLOT);
    private final Order.Send order;
    /** By flow: the sequence number that is next. */
    private final int[] next;

    private long chance = 0x9e3779b97f4a7c15L;
    private int lane;
    private int flow;
    private int size;
    private int left;
    private long sent;
    private long refused;
    private volatile boolean stopped;

    Sender(List<Lane> lanes, Maker maker, int flows, Order.Send order) {
        if (lanes.isEmpty() || order.least() < 28 + Payload.SHORTEST || order.most() > 28 + Payload.LONGEST) {
            throw new IllegalArgumentException("no flows, or wrong sizes: " + order);
        }
        this.lanes = lanes.toArray(Lane[]::new);
        this.places = new int[this.lanes.length];
        this.maker = maker;
        this.order = order;
        this.next = new int[flows];
    }

    Answer.Sent send() {
        int together = (int) Math.clamp(order.rate() / order.wakeUps(), order.train(), BATCH);
        double most = Math.max(Math.max(together, BATCH), order.rate() / 1_000);
        double forgiven = 0;
        long began = System.nanoTime();
        long end = began + (long) (order.seconds() * 1e9);
        long now = began;
        while (now < end && !stopped) {
            double due = (now - began) / 1e9 * order.rate() - forgiven - done();
            if (due > most) {
                forgiven += due - most;
            }
            if (due >= together) {
                fill(together, now);
                transmit(lanes[lane].socket, together);
            } else {
                LockSupport.parkNanos((long) ((together - due) / order.rate() * 1e9));
            }
            now = System.nanoTime();
        }
        return new Answer.Sent(sent, refused, (now - began) / 1e9);
    }

    /** {@link #send}, in another thread, returns soon. */
    void stop() {
        stopped = true;
    }

    private long done() {
        return sent + refused;
    }

    private void fill(int count, long now) {
        lane = lane + 1 == lanes.length ? 0 : lane + 1;
        left = 0;
        for (int slot = 0; slot < count; slot++) {
            if (left == 0) {
                nextTrain();
            }
            left--;
            int octets = size;
            if (left == 0 && order.train() > 1 && (chance & 0x300) == 0) {
                // The last one of a train is often a short one.
                octets = order.least() + (size - order.least()) / 2;
            }
            maker.make(batch, slot, octets, order.run(), flow, next[flow]++, now);
        }
    }

    private void nextTrain() {
        int[] flows = lanes[lane].flows;
        flow = flows[places[lane]];
        places[lane] = places[lane] + 1 == flows.length ? 0 : places[lane] + 1;
        if (order.train() == 1 && order.least() == order.most()) {
            left = 1;
            size = order.most();
            return;
        }
        chance ^= chance << 13;
        chance ^= chance >>> 7;
        chance ^= chance << 17;
        left = 1 + (int) (((chance >>> 8) & 0xffff) % order.train());
        size = order.least() + (int) ((chance >>> 32) % (order.most() - order.least() + 1));
    }

    private void transmit(UdpSocket socket, int count) {
        for (int from = 0; from < count; ) {
            int taken = socket.send(batch, from, count);
            if (taken > 0) {
                from += taken;
                sent += taken;
            } else {
                from++;
                refused++;
            }
        }
    }
}
