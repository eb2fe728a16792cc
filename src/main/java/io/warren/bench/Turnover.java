package io.warren.bench;

import io.warren.client.ClientSettings;
import io.warren.client.TunnelEnd;
import io.warren.control.port.SessionKey;
import io.warren.control.session.SessionEvent;
import io.warren.control.session.SessionSettings;
import io.warren.control.tunnel.TunnelEvent;
import io.warren.wire.Bytes;
import io.warren.wire.l2tp.ResultCode;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Calls that come and go at a steady rate, in tunnels of their own: each is placed, comes up, is ended after a while. Tells
 * how many came up, what became of the others, and for how long none was accepted.
 */
final class Turnover implements TunnelSet.Owner, AutoCloseable {
    private static final int MOST_CALLS = 65_535;
    /** Calls of one tunnel that may be half up; beyond that it would ask for more than an LNS need bear. */
    private static final int MOST_IN_SET_UP = 200;

    private static final int USERS = 20_000;
    private static final int MOST_AT_ONCE = 64;
    /** CDN 3: ended by the administrator (RFC 2661 §4.4.2). */
    private static final ResultCode ADMINISTRATIVE = ResultCode.of(3);

    private static final class Call {
        private final long placedAt;
        private boolean up;
        private boolean ending;
        private int address;

        private Call(long placedAt) {
            this.placedAt = placedAt;
        }
    }

    private record End(SessionKey key, long at) {}

    private final Order.Turnover order;
    private final HeldAddresses held;
    private final Happenings happenings;
    private final TunnelSet tunnels;
    private final boolean[] usable;
    private final int[] inSetUp;
    private final int[] lastSessionId;
    private final Map<SessionKey, Call> calls = new HashMap<>();
    private final Deque<End> ends = new ArrayDeque<>();
    private final long holdNanos;
    private int named;
    private int nextTunnel;
    private boolean placing;

    /** Since when calls are due at the rate, and how many have been placed since. */
    private long placingSince;

    private long placedSince;

    private NewCallCounts counts = new NewCallCounts(System.nanoTime());

    Turnover(Order.Turnover order, HeldAddresses held, Happenings happenings) throws IOException {
        if (order.perSecond() <= 0) {
            throw new IllegalArgumentException("wrong rate in " + order);
        }
        this.order = order;
        this.held = held;
        this.happenings = happenings;
        this.holdNanos = (long) (order.holdSeconds() * 1e9);
        this.tunnels = new TunnelSet(order.tunnels(), MOST_CALLS, this);
        usable = new boolean[tunnels.count()];
        inSetUp = new int[tunnels.count()];
        lastSessionId = new int[tunnels.count()];
    }

    void start() {
        tunnels.later(() -> placing = true);
        tunnels.start();
    }

    /** All that is counted begins anew. */
    void reset() {
        tunnels.receiver().exclusively(() -> {
            counts = new NewCallCounts(System.nanoTime());
            tunnels.watch().reset();
            return true;
        });
    }

    /** No more calls are placed; those that are half up may still come up. */
    void stop() {
        tunnels.later(() -> {
            placing = false;
            counts.stopped(System.nanoTime());
        });
    }

    Answer.NewCalls figures() {
        return tunnels.receiver().exclusively(() -> {
            long now = System.nanoTime();
            int pending = 0;
            for (int each : inSetUp) {
                pending += each;
            }
            return counts.figures(
                    now, order.perSecond(), pending, tunnels.watch().figures(now));
        });
    }

    @Override
    public SessionSettings call() {
        Bytes password = Bytes.of(order.tunnels().password().getBytes(StandardCharsets.UTF_8));
        named = (named + 1) % USERS;
        return ClientSettings.call(TunnelSet.HOST_NAME, "bench-new-" + named, password);
    }

    @Override
    public void idle(long now) {
        for (End end = ends.peek(); end != null && end.at() <= now; end = ends.peek()) {
            ends.remove();
            Call call = calls.get(end.key());
            if (call != null && call.up && !call.ending) {
                call.ending = true;
                held.giveBack(call.address);
                end(end.key()).hangUp(end.key().sessionId(), ADMINISTRATIVE, "enough");
            }
        }
        if (!placing || tunnels.closing()) {
            return;
        }
        if (placingSince == 0) {
            placingSince = now;
        }
        long due = (long) ((now - placingSince) / 1e9 * order.perSecond()) - placedSince;
        for (int call = 0; call < Math.min(due, MOST_AT_ONCE); call++) {
            placedSince++;
            place(now);
        }
    }

    private TunnelEnd end(SessionKey key) {
        return tunnels.end(tunnels.index(key.tunnelId()));
    }

    private void place(long now) {
        for (int attempt = 0; attempt < tunnels.count(); attempt++) {
            int tunnel = nextTunnel;
            nextTunnel = (nextTunnel + 1) % tunnels.count();
            if (usable[tunnel] && inSetUp[tunnel] < MOST_IN_SET_UP) {
                SessionKey key = freeKey(tunnel);
                calls.put(key, new Call(now));
                inSetUp[tunnel]++;
                counts.tried(now);
                tunnels.end(tunnel).placeCall(key.sessionId(), counts.tried());
                return;
            }
        }
        counts.heldBack();
    }

    private SessionKey freeKey(int tunnel) {
        SessionKey key;
        do {
            lastSessionId[tunnel] = lastSessionId[tunnel] % MOST_CALLS + 1;
            key = new SessionKey(tunnels.end(tunnel).state().tunnelId(), lastSessionId[tunnel]);
        } while (calls.containsKey(key));
        return key;
    }

    @Override
    public void tunnelChanged(TunnelEvent event) {
        if (event instanceof TunnelEvent.TunnelClosed closed && !tunnels.closing()) {
            counts.tunnelClosed();
            happenings.add("tunnel of new calls closed", closed.by() + ": " + closed.result());
        }
        for (int tunnel = 0; tunnel < usable.length; tunnel++) {
            usable[tunnel] = tunnels.end(tunnel).state().name().equals("established");
        }
    }

    @Override
    public void callChanged(SessionKey key, SessionEvent event) {
        Call call = calls.get(key);
        if (call == null) {
            return;
        }
        switch (event) {
            case SessionEvent.Connected _,
                    SessionEvent.LimitsChanged _,
                    SessionEvent.TimeoutsChanged _,
                    SessionEvent.FiltersChanged _,
                    SessionEvent.AccountingStarted _,
                    SessionEvent.TrafficNoted _,
                    SessionEvent.Over _ -> {}
            case SessionEvent.NetworkUp network -> {
                if (!call.up) {
                    isUp(key, call, network.link().localAddress());
                }
            }
            case SessionEvent.Closed closed -> {
                calls.remove(key);
                isOver(key, call, closed);
            }
        }
    }

    private void isUp(SessionKey key, Call call, int address) {
        long now = System.nanoTime();
        call.up = true;
        call.address = address;
        inSetUp[tunnels.index(key.tunnelId())]--;
        counts.accepted(now, now - call.placedAt);
        ends.add(new End(key, now + holdNanos));
        if (!held.take(address)) {
            happenings.add("address given twice", key.toString());
        }
    }

    private void isOver(SessionKey key, Call call, SessionEvent.Closed closed) {
        if (!call.up) {
            inSetUp[tunnels.index(key.tunnelId())]--;
            ResultCode result = closed.result();
            String reason = closed.by() + ": " + closed.reason();
            if (closed.by().equals("peer") && result != null) {
                counts.refused("CDN " + result.code(), System.nanoTime() - call.placedAt);
                happenings.add("new call refused", reason);
            } else if (!tunnels.closing()) {
                counts.failed(reason);
                happenings.add("new call failed", reason);
            }
        } else if (!call.ending) {
            held.giveBack(call.address);
            if (!tunnels.closing()) {
                counts.lost();
                happenings.add("new call lost", closed.by() + ": " + closed.reason());
            }
        }
    }

    @Override
    public void packetArrived(SessionKey key, byte[] packet) {}

    /** Nobody sends anything to these calls. */
    @Override
    public void userPacket(MemorySegment memory, long at, int length, Arrivals arrivals, long now) {
        counts.stray();
    }

    void hangUp() {
        tunnels.hangUp();
    }

    @Override
    public void close() {
        tunnels.close();
    }
}
