package io.warren.radius;

import io.warren.radius.RadiusClient.Asked;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What waits for answers on one connection. An identifier is not used again until its answer has come (RFC 6613 §2.6.5),
 * not even when nobody waits any more: the late answer would fail the check of the next. One thread only.
 */
final class TlsLane {
    static final int IDENTIFIERS = 256;

    /** With so many identifiers that never came back a connection is given up. */
    static final int WORN = 128;

    final TlsConnection connection;
    final long openedAt;
    private final @Nullable Waiting[] places = new Waiting[IDENTIFIERS];
    private int next;
    private int waiting;
    private int forgotten;
    boolean established;
    /** Whether it has brought a genuine answer. */
    boolean answered;

    private boolean heard;
    private long heardAt;
    /** Why we end it; null: we do not. */
    @Nullable
    TlsFailure ending;

    /** A request that was sent; nobody waits for its answer when {@code asked} is null. */
    static final class Waiting {
        @Nullable
        Asked asked;

        final int code;
        final boolean signed;
        final RadiusCodec.Request request;
        final long sentAt;

        Waiting(Asked asked, boolean signed, RadiusCodec.Request request, long sentAt) {
            this.asked = asked;
            this.code = asked.question.code();
            this.signed = signed;
            this.request = request;
            this.sentAt = sentAt;
        }
    }

    TlsLane(TlsConnection connection, long openedAt) {
        this.connection = connection;
        this.openedAt = openedAt;
    }

    boolean takes() {
        return established && ending == null && !isWorn() && waiting + forgotten < IDENTIFIERS;
    }

    boolean isWorn() {
        return forgotten >= WORN;
    }

    boolean isIdle() {
        return waiting == 0;
    }

    /** The identifier that was used longest ago. */
    int freeIdentifier() {
        while (places[next] != null) {
            next = (next + 1) % IDENTIFIERS;
        }
        return next;
    }

    void put(int identifier, Waiting request) {
        places[identifier] = request;
        next = (identifier + 1) % IDENTIFIERS;
        waiting++;
    }

    /** What an answer with this identifier would be for; null: nothing. */
    @Nullable
    Waiting at(int identifier) {
        return places[identifier];
    }

    /** Its answer has come. */
    void free(int identifier) {
        Waiting request = places[identifier];
        if (request != null) {
            places[identifier] = null;
            if (request.asked == null) {
                forgotten--;
            } else {
                waiting--;
            }
        }
    }

    /** Nobody waits for its answer any more. */
    void forget(Waiting request) {
        if (request.asked != null) {
            request.asked = null;
            waiting--;
            forgotten++;
        }
    }

    void heard(long now) {
        heard = true;
        heardAt = now;
    }

    boolean heardSince(long then) {
        return heard && heardAt - then >= 0;
    }

    /** Those who wait, since it has ended. */
    List<Asked> all() {
        List<Asked> all = new ArrayList<>();
        for (Waiting request : places) {
            if (request != null && request.asked != null) {
                all.add(request.asked);
            }
        }
        return all;
    }
}
