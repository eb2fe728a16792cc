package io.warren.control.cluster;

import io.warren.control.ingress.LiveCalls;
import io.warren.control.port.Endpoint;
import io.warren.control.port.PeerPath;
import io.warren.control.port.Placement;
import io.warren.control.port.SessionKey;
import io.warren.control.session.SessionEvent;
import io.warren.control.tunnel.CallOffer;
import io.warren.control.tunnel.TunnelEvent;
import io.warren.ppp.LinkParameters;
import io.warren.wire.Bytes;
import io.warren.wire.l2tp.AccessLine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A journal in memory that all nodes of a test share. */
final class SharedJournal implements ShardJournal {
    private static final Endpoint HERE = new Endpoint(Bytes.of((byte) 10, (byte) 99, (byte) 0, (byte) 1), 1701);
    private static final Endpoint PEER = new Endpoint(Bytes.of((byte) 10, (byte) 0, (byte) 0, (byte) 2), 1701);
    private static final PeerPath PATH = new PeerPath(HERE, PEER);

    private final Map<String, List<Record>> events = new ConcurrentHashMap<>();
    final AtomicInteger reads = new AtomicInteger();

    /** A tunnel with so many calls that are up. */
    void tunnel(int tunnelId, int calls) {
        List<Record> tunnel = new ArrayList<>();
        tunnel.add(new TunnelEvent.TunnelOffered(
                Instant.EPOCH, tunnelId, tunnelId, PATH, "lac", null, 16, null, null, outgoing(0, 0), null));
        tunnel.add(new TunnelEvent.TunnelEstablished(Instant.EPOCH, tunnelId, PATH, "lac", null, 16, null, null));
        for (int id = 1; id <= calls; id++) {
            CallOffer call = call(new SessionKey(tunnelId, id));
            tunnel.add(new TunnelEvent.CallOffered(Instant.EPOCH, call, outgoing(id, id)));
            LinkParameters link = new LinkParameters(1, 2, 1500, 1500, false, false, 1, tunnelId << 8 | id, List.of());
            events.put(
                    "session|" + call.key(),
                    List.of(
                            new SessionEvent.Connected(Instant.EPOCH, call, 0, 0, false),
                            new SessionEvent.NetworkUp(Instant.EPOCH, "user", link, List.of(), null, null, false)));
        }
        events.put("tunnel|" + tunnelId, List.copyOf(tunnel));
    }

    private static TunnelEvent.Outgoing outgoing(int ns, int nr) {
        return new TunnelEvent.Outgoing(ns, nr, ns, 0, Bytes.ofHex("c802"));
    }

    private static CallOffer call(SessionKey key) {
        return new CallOffer(
                key,
                PATH,
                false,
                key.tunnelId(),
                key.sessionId(),
                "lac",
                1,
                null,
                null,
                null,
                new AccessLine(Map.of()),
                Instant.EPOCH);
    }

    @Override
    public CompletionStage<LiveCalls> read(Set<Integer> shards) {
        reads.incrementAndGet();
        LiveCalls calls = new LiveCalls();
        events.forEach((id, of) -> {
            String number = id.substring(id.indexOf('|') + 1).replaceAll("-.*", "");
            if (shards.contains(Placement.shardOf(Integer.parseInt(number)))) {
                calls.add(id, null, of);
            }
        });
        return CompletableFuture.completedFuture(calls);
    }
}
