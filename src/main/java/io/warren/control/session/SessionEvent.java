package io.warren.control.session;

import io.warren.control.port.CallDetails;
import io.warren.control.port.Meters;
import io.warren.control.port.SessionCounters;
import io.warren.control.port.SubscriberProfile;
import io.warren.control.port.TrafficLimits;
import io.warren.control.tunnel.CallOffer;
import io.warren.ppp.LinkParameters;
import io.warren.wire.l2tp.DisconnectCause;
import io.warren.wire.l2tp.ResultCode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The journal of a call: what an operator reads when he asks what happened. */
public sealed interface SessionEvent {
    Instant at();

    /**
     * ICCN came (or, at our LAC end, left): the call is connected.
     *
     * @param txConnectSpeed, rxConnectSpeed bit/s as the LAC says; rx 0 when absent
     * @param sequencingRequired whether data must be numbered
     */
    record Connected(Instant at, CallOffer call, long txConnectSpeed, long rxConnectSpeed, boolean sequencingRequired)
            implements SessionEvent {
        /** The call as others are told of it. */
        CallDetails details() {
            return new CallDetails(
                    call.key(),
                    call.path(),
                    call.peerHostName(),
                    call.callingNumber(),
                    call.calledNumber(),
                    call.callSerialNumber(),
                    txConnectSpeed,
                    rxConnectSpeed,
                    call.accessLine(),
                    at);
        }
    }

    /**
     * IP is up. Holds everything to go on with after a restart. Comes again after a re-negotiation.
     *
     * @param limits null: none
     * @param profile null: nothing else is known of the subscriber
     * @param accounted whether what the call uses will be told to others
     */
    record NetworkUp(
            Instant at,
            String user,
            LinkParameters link,
            List<String> permitted,
            @Nullable TrafficLimits limits,
            @Nullable SubscriberProfile profile,
            boolean accounted)
            implements SessionEvent {
        /** The same with other times. */
        NetworkUp within(TimeoutsChanged times) {
            SubscriberProfile before = profile == null ? SubscriberProfile.NONE : profile;
            SubscriberProfile after = times.in(before);
            return new NetworkUp(
                    at, user, link, permitted, limits, after.equals(SubscriberProfile.NONE) ? null : after, accounted);
        }

        /** The same behind other filters. */
        NetworkUp behind(List<String> filters) {
            SubscriberProfile before = profile == null ? SubscriberProfile.NONE : profile;
            SubscriberProfile after = before.behind(filters);
            return new NetworkUp(
                    at, user, link, permitted, limits, after.equals(SubscriberProfile.NONE) ? null : after, accounted);
        }

        /** The same with other limits. */
        NetworkUp under(TrafficLimits other) {
            return new NetworkUp(at, user, link, permitted, other, profile, accounted);
        }
    }

    /**
     * The call was put under other limits while it was up.
     *
     * @param by who asked for it, for people
     */
    record LimitsChanged(Instant at, TrafficLimits limits, String by) implements SessionEvent {}

    /**
     * The call was given other times while it was up.
     *
     * @param sessionTimeout, idleTimeout seconds, 0 for never
     * @param by who asked for it, for people
     * @param until when it ends however long it has lasted; null: as before
     */
    record TimeoutsChanged(
            Instant at,
            int sessionTimeout,
            int idleTimeout,
            String by,
            @Nullable Instant until) implements SessionEvent {
        /** The same subscriber with these times. */
        SubscriberProfile in(SubscriberProfile before) {
            SubscriberProfile after = before.within(sessionTimeout, idleTimeout);
            return until == null ? after : after.until(until);
        }
    }

    /**
     * The call was put under other filters while it was up.
     *
     * @param filters names of rule lists
     * @param by who asked for it, for people
     */
    record FiltersChanged(Instant at, List<String> filters, String by) implements SessionEvent {
        public FiltersChanged {
            filters = List.copyOf(filters);
        }
    }

    /** The start of the call's accounting was acknowledged. */
    record AccountingStarted(Instant at) implements SessionEvent {}

    /**
     * What the call has moved so far.
     *
     * @param total in all
     * @param plane the number of the meter that has been read, see {@link Meters}
     * @param entry what it showed
     */
    record TrafficNoted(Instant at, SessionCounters total, long plane, SessionCounters entry) implements SessionEvent {}

    /**
     * The call is over, but its accounting is not: {@link Closed} follows when the stop was acknowledged.
     *
     * @param by, reason, result, disconnectCause, counters as in {@link Closed}
     * @param terminateCause Acct-Terminate-Cause
     */
    record Over(
            Instant at,
            String by,
            String reason,
            @Nullable ResultCode result,
            @Nullable DisconnectCause disconnectCause,
            SessionCounters counters,
            int terminateCause)
            implements SessionEvent {
        /** The end of it all. */
        public Closed settled() {
            return new Closed(at, by, reason, result, disconnectCause, counters);
        }
    }

    /**
     * The call is over.
     *
     * @param by {@code peer}, {@code local}, {@code operator}, {@code tunnel}, …: for people
     */
    record Closed(
            Instant at,
            String by,
            String reason,
            @Nullable ResultCode result,
            @Nullable DisconnectCause disconnectCause,
            SessionCounters counters)
            implements SessionEvent {}
}
