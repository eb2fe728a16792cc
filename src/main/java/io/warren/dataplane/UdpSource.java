package io.warren.dataplane;

import akka.stream.Attributes;
import akka.stream.Outlet;
import akka.stream.SourceShape;
import akka.stream.stage.AbstractOutHandler;
import akka.stream.stage.AsyncCallback;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import io.warren.control.port.Ingress;
import io.warren.control.port.Ingress.ControlArrived;
import io.warren.control.port.Ingress.VersionMismatch;
import io.warren.dataplane.PuntQueues.ControlDatagram;
import io.warren.wire.WireException;
import io.warren.wire.l2tp.L2tpCodec;
import io.warren.wire.l2tp.TunnelSecret;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What the control plane has to see, as a stream. Owns the threads that read the UDP sockets: they start when the
 * stream is materialised and end with it. At most one stream runs at a time; when it has ended another may start.
 */
final class UdpSource extends GraphStage<SourceShape<Ingress>> {
    private final Outlet<Ingress> out = Outlet.create("UdpSource.out");
    private final SourceShape<Ingress> shape = SourceShape.of(out);
    private final List<Uplink> uplinks;
    private final PuntQueues punts;
    private final Drops drops;
    private final @Nullable TunnelSecret secret;
    private final AtomicBoolean taken = new AtomicBoolean();
    private volatile boolean closed;

    /** The threads of the last stream; guarded by this. */
    private List<Thread> threads = List.of();

    UdpSource(List<Uplink> uplinks, PuntQueues punts, Drops drops, @Nullable TunnelSecret secret) {
        this.uplinks = List.copyOf(uplinks);
        this.punts = punts;
        this.drops = drops;
        this.secret = secret;
    }

    @Override
    public SourceShape<Ingress> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes inheritedAttributes) {
        return new Logic();
    }

    /** Ends the threads, and with them the stream, and waits for the threads. */
    void close() throws InterruptedException {
        closed = true;
        for (Thread thread : currentThreads()) {
            thread.join();
        }
    }

    private synchronized List<Thread> currentThreads() {
        return threads;
    }

    private synchronized void start(Logic logic) {
        List<Thread> earlier = threads;
        List<Thread> started = new ArrayList<>();
        for (int index = 0; index < uplinks.size(); index++) {
            Uplink uplink = uplinks.get(index);
            started.add(Thread.ofPlatform().daemon().name("warren-up-" + index).unstarted(() -> {
                logic.read(uplink, earlier);
            }));
        }
        threads = List.copyOf(started);
        started.forEach(Thread::start);
    }

    private @Nullable Ingress decode(ControlDatagram datagram) {
        try {
            return (datagram.octets[1] & 0x0f) == Decapsulate.VERSION_2
                    ? new ControlArrived(datagram.path, L2tpCodec.decode(datagram.octets, secret))
                    : new VersionMismatch(datagram.path, Version3Request.assignedTunnelId(datagram.octets));
        } catch (WireException e) {
            drops.count(DropReason.UNDECODABLE_CONTROL, () -> "from " + datagram.path.remote() + ": " + e.getMessage());
            return null;
        }
    }

    /** One running stream. */
    private final class Logic extends GraphStageLogic {
        private final ArrayDeque<Ingress> ready = new ArrayDeque<>();
        private final List<ControlDatagram> undecoded = new ArrayList<>();
        private final AsyncCallback<Boolean> arrived = createAsyncCallback(ignored -> push());
        private final AsyncCallback<Boolean> ended = createAsyncCallback(ignored -> completeStage());
        private final AsyncCallback<Throwable> failed = createAsyncCallback(this::failStage);
        private boolean mine;
        private volatile boolean stopped;

        Logic() {
            super(shape);
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    push();
                }
            });
        }

        @Override
        public void preStart() {
            if (closed) {
                throw new IllegalStateException("the data plane is closed");
            }
            if (!taken.compareAndSet(false, true)) {
                throw new IllegalStateException("the packets are read by another stream already");
            }
            mine = true;
            punts.attach(() -> arrived.invoke(true));
            start(this);
        }

        @Override
        public void postStop() {
            stopped = true;
            if (mine) {
                taken.set(false);
            }
        }

        /** Runs on a reading thread of its own. */
        private void read(Uplink uplink, List<Thread> earlier) {
            try {
                for (Thread thread : earlier) {
                    thread.join();
                }
                uplink.run(() -> !stopped && !closed);
                ended.invoke(true);
            } catch (Throwable e) {
                failed.invoke(e);
            }
        }

        private void push() {
            if (!isAvailable(out)) {
                return;
            }
            while (ready.isEmpty()) {
                refill();
                if (ready.isEmpty() && punts.becomeIdle()) {
                    return;
                }
            }
            push(out, ready.remove());
        }

        private void refill() {
            punts.drainControl(undecoded);
            for (ControlDatagram datagram : undecoded) {
                Ingress ingress = decode(datagram);
                if (ingress != null) {
                    ready.add(ingress);
                }
            }
            undecoded.clear();
            punts.drainFrames(ready);
        }
    }
}
