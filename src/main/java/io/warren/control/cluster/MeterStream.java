package io.warren.control.cluster;

import io.warren.control.port.CallMeters;
import io.warren.control.port.SessionCounters;
import io.warren.control.port.SessionKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What one standby knows of a shard's meters. Beside the numbered batches, which never wait for it: it may come in any
 * order. As long as something that was sent is not answered, nothing more is. For one thread.
 */
final class MeterStream {
    /** Calls in a batch: some 20 kB. */
    static final int BATCH = 512;

    static final long PATIENCE = Duration.ofSeconds(2).toNanos();

    /** The numbers of other batches are above this. */
    private static final long FIRST = -1;

    /** A digest of what was sent of each call. */
    private final Map<SessionKey, Long> sent = new HashMap<>();

    /** Of the latest batch; each has a lower one. */
    private long number;

    /** Answers to batches up to this one come too late. */
    private long givenUp;

    private int unanswered;
    private long sentAt;
    private boolean refused;

    /** Whether a batch with this number is one of meters. */
    static boolean isOne(long number) {
        return number <= FIRST;
    }

    /** The standby has nothing any more. */
    void beginAgain() {
        giveUp();
        refused = false;
    }

    private void giveUp() {
        sent.clear();
        unanswered = 0;
        givenUp = number;
    }

    /** The standby was told that there is no such call. */
    void removed(SessionKey key) {
        sent.remove(key);
    }

    /** Whether it may be sent something now. */
    boolean isReady(long now) {
        if (unanswered > 0 && now - sentAt > PATIENCE) {
            giveUp();
        }
        return unanswered == 0 && !refused;
    }

    /** @param again it cannot take meters: a Warren that knows none */
    void answered(long batch, boolean again) {
        if (batch < givenUp && batch >= number && unanswered > 0) {
            unanswered--;
            refused |= again;
        }
    }

    /** What it does not know, in batches. */
    List<List<CallMeters>> news(List<CallMeters> calls) {
        List<List<CallMeters>> batches = new ArrayList<>();
        List<CallMeters> batch = new ArrayList<>();
        for (CallMeters call : calls) {
            Long digest = digest(call);
            if (!digest.equals(sent.put(call.key(), digest))) {
                batch.add(call);
                if (batch.size() == BATCH) {
                    batches.add(batch);
                    batch = new ArrayList<>();
                }
            }
        }
        if (!batch.isEmpty()) {
            batches.add(batch);
        }
        return batches;
    }

    /** A number for a batch that is sent now. */
    long number(long now) {
        unanswered++;
        sentAt = now;
        return --number;
    }

    /** Counters only rise, so another sum means other counters, and the same sum the same ones. */
    static long digest(CallMeters call) {
        long digest = (long) call.peerTunnelId() << 16 | call.peerSessionId();
        for (Map.Entry<Long, SessionCounters> meter : call.meters().entrySet()) {
            SessionCounters shows = meter.getValue();
            digest += 0x9e37_79b9_7f4a_7c15L * (meter.getKey() | 1);
            digest += shows.upPackets() + shows.upOctets() + shows.downPackets() + shows.downOctets() + shows.drops();
        }
        return digest;
    }
}
