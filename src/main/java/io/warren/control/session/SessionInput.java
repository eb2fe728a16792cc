package io.warren.control.session;

import io.warren.control.port.AccessDecision;
import io.warren.control.port.AccessRequest;
import io.warren.control.port.AccountingRecord;
import io.warren.control.port.Endpoint;
import io.warren.control.port.TrafficLimits;
import io.warren.control.tunnel.CallOffer;
import io.warren.wire.Bytes;
import io.warren.wire.l2tp.ControlMessage;
import io.warren.wire.l2tp.ResultCode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a {@link SessionDecider} decides about. */
public sealed interface SessionInput {
    /** The tunnel took the call (ICRP is on its way), placed it (ICRQ is), or wakes it after a restart. */
    record Offered(CallOffer call) implements SessionInput {}

    /** A control message of this call, in order. Must be answered by {@link SessionEffect.Confirm}. */
    record Control(int ns, ControlMessage message) implements SessionInput {}

    /**
     * A PPP frame that the data plane does not forward.
     *
     * @param from who sent it; null: whoever gives it knows that it is of the call's peer
     */
    record Frame(Bytes frame, @Nullable Endpoint from) implements SessionInput {
        public Frame(Bytes frame) {
            this(frame, null);
        }

        /** Whoever knows a call's ids may not speak for its peer: RFC 2661 §8.1 lets neither address nor port change. */
        boolean isFromPeer(CallOffer call) {
            return from == null || from.equals(call.path().remote());
        }
    }

    /**
     * The answer to {@link SessionEffect.RequestAccess}, with its question: an answer that comes late must not let in
     * whoever asked since.
     */
    record AccessDecided(AccessRequest request, AccessDecision decision) implements SessionInput {}

    /** The answer to {@link SessionEffect.LeaseAddress}. */
    record AddressLeased(int address, boolean granted) implements SessionInput {}

    /** The answer to {@link SessionEffect.Account}. */
    record Accounted(AccountingRecord record, boolean acknowledged) implements SessionInput {}

    /** End the call with LCP Terminate and CDN. */
    record Close(ResultCode result, String by, String reason) implements SessionInput {
        /** Who asks when the call makes room for another one of its user. */
        public static final String NEWER_CALL = "newer call";
    }

    /** The call is about to move to another node: note what would be lost here. */
    record Leave() implements SessionInput {}

    /**
     * Put a call that is up under these limits.
     *
     * @param by who asks, for the journal
     */
    record Limit(TrafficLimits limits, String by) implements SessionInput {}

    /**
     * Give a call that is up other times.
     *
     * @param sessionTimeout, idleTimeout seconds, 0 for never; null: as before
     * @param by who asks, for the journal
     * @param until when it is to end; null: as before
     */
    record Timeouts(
            @Nullable Integer sessionTimeout,
            @Nullable Integer idleTimeout,
            String by,
            @Nullable Instant until) implements SessionInput {}

    /**
     * Put a call that is up behind these filters.
     *
     * @param filters names of rule lists
     * @param by who asks, for the journal
     */
    record Filters(List<String> filters, String by) implements SessionInput {
        public Filters {
            filters = List.copyOf(filters);
        }
    }

    /** The tunnel is gone, and this call with it: no CDN. */
    record TunnelDown(String reason) implements SessionInput {}

    /** A deadline has passed. */
    record Tick() implements SessionInput {}

    /** First input after recovery from the journal: go on. */
    record Resume() implements SessionInput {}
}
