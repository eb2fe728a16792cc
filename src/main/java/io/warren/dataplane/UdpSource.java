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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the control plane has to see, as a stream. Owns the threads that read the UDP sockets: they start with {@link
 * #start}, or else with the first stream, so that a restarted node forwards before it can decide. What arrives for the
 * control plane while no stream runs waits in bounded queues. At most one stream runs at a time.
 */
final class UdpSource extends GraphStage<SourceShape<Ingress>> {
    private static final Logger LOG = LoggerFactory.getLogger(UdpSource.class);

    private final Outlet<Ingress> out = Outlet.create("UdpSource.out");
    private final SourceShape<Ingress> shape = SourceShape.of(out);
    private final List<Uplink> uplinks;
    private final PuntQueues punts;
    private final Drops drops;
    private final @Nullable TunnelSecret secret;
    private final AtomicBoolean taken = new AtomicBoolean();
    private volatile boolean closed;

    /** Empty before the start; guarded by this. */
    private List<Thread> threads = List.of();

    private volatile @Nullable Throwable failure;

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

    /** Starts to read the sockets, unless that was done already. */
    synchronized void start() {
        if (!threads.isEmpty() || closed) {
            return;
        }
        List<Thread> started = new ArrayList<>();
        for (Uplink uplink : uplinks) {
            started.add(
                    Thread.ofPlatform().daemon().name("warren-" + uplink.name()).unstarted(() -> read(uplink)));
        }
        threads = List.copyOf(started);
        started.forEach(Thread::start);
    }

    /** Runs on a reading thread of its own. */
    private void read(Uplink uplink) {
        try {
            uplink.run(() -> !closed);
        } catch (Throwable e) {
            LOG.error("packets from subscribers are no longer forwarded", e);
            failure = e;
        }
        punts.wake();
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
        private boolean mine;

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
            start();
        }

        @Override
        public void postStop() {
            if (mine) {
                taken.set(false);
            }
        }

        private void push() {
            if (closed || failure != null) {
                end();
                return;
            }
            if (!isAvailable(out)) {
                return;
            }
            while (ready.isEmpty()) {
                refill();
                if (ready.isEmpty() && punts.becomeIdle()) {
                    if (closed || failure != null) {
                        end();
                    }
                    return;
                }
            }
            push(out, ready.remove());
        }

        private void end() {
            Throwable reason = failure;
            if (reason == null) {
                completeStage();
            } else {
                failStage(reason);
            }
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
