package io.warren.control.session;

import io.warren.control.port.AccessRequest;
import io.warren.control.port.SessionKey;
import io.warren.control.port.SubscriberProfile;
import io.warren.control.port.TrafficLimits;
import io.warren.control.tunnel.CallOffer;
import io.warren.ppp.PppLink;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a call is (RFC 2661 §7.4). What the journal holds of it is the same after a restart; what it does not hold
 * (the waiting states, {@link Live}) begins afresh. {@link SessionView} shows it to people.
 */
public sealed interface SessionState {
    SessionKey key();

    /** Nothing is known: the state before the tunnel offered the call. */
    record Idle(SessionKey key) implements SessionState {}

    /**
     * LAC end (§7.4.1): ICRQ is out. Left by ICRP, by a CDN, or when the time is over.
     *
     * @param deadline monotonic nanoseconds
     */
    record WaitReply(CallOffer call, long deadline) implements SessionState {
        @Override
        public SessionKey key() {
            return call.key();
        }
    }

    /**
     * LNS end (§7.4.2): ICRP is out. Left by ICCN, by a CDN, or when the time is over.
     *
     * @param deadline monotonic nanoseconds
     */
    record WaitConnect(CallOffer call, long deadline) implements SessionState {
        @Override
        public SessionKey key() {
            return call.key();
        }
    }

    /**
     * Connected: PPP is coming up, up, or ending.
     *
     * @param network the latest one; stays while the link is re-negotiated
     * @param upSince when IP came up first
     * @param books its accounting
     * @param live null between recovery from the journal and {@link SessionInput.Resume}
     */
    record Established(
            SessionEvent.Connected connected,
            SessionEvent.@Nullable NetworkUp network,
            @Nullable Instant upSince,
            Books books,
            @Nullable Live live)
            implements SessionState {
        @Override
        public SessionKey key() {
            return connected.call().key();
        }

        /** As the journal knows it. */
        Established durable() {
            return new Established(connected, network, upSince, books, null);
        }

        Established with(Live now) {
            return new Established(connected, network, upSince, books, now);
        }

        /** The limits of a call that is up. */
        TrafficLimits limits() {
            TrafficLimits limits = network == null ? null : network.limits();
            return limits == null ? TrafficLimits.NONE : limits;
        }

        /** What is known of the subscriber of a call that is up. */
        SubscriberProfile profile() {
            SubscriberProfile profile = network == null ? null : network.profile();
            return profile == null ? SubscriberProfile.NONE : profile;
        }

        Established within(SessionEvent.TimeoutsChanged times) {
            return new Established(connected, network == null ? null : network.within(times), upSince, books, live);
        }

        Established behind(List<String> filters) {
            return new Established(connected, network == null ? null : network.behind(filters), upSince, books, live);
        }

        Established under(TrafficLimits limits) {
            return new Established(connected, network == null ? null : network.under(limits), upSince, books, live);
        }

        Established with(SessionEvent.NetworkUp up) {
            return new Established(
                    connected, up, upSince == null ? up.at() : upSince, up.accounted() ? books.open() : books, live);
        }

        Established with(Books now) {
            return new Established(connected, network, upSince, now, live);
        }
    }

    /**
     * Over, but for its accounting: a start or stop is not acknowledged yet. Its ids are not free.
     *
     * @param call as it was, without what is not journalled
     */
    record Owing(Established call, SessionEvent.Over over, Reporting reporting) implements SessionState {
        @Override
        public SessionKey key() {
            return call.key();
        }

        SessionEvent.Connected connected() {
            return call.connected();
        }

        Books books() {
            return call.books();
        }

        Owing with(Reporting now) {
            return new Owing(call, over, now);
        }

        Owing with(Books now) {
            return new Owing(call.with(now), over, reporting);
        }
    }

    /**
     * Over. Nothing leaves it but a new call with the same ids.
     *
     * @param connected null when the call was never connected
     */
    record Closed(SessionKey key, SessionEvent.Closed event, SessionEvent.@Nullable Connected connected)
            implements SessionState {}

    /**
     * What is not journalled of an established call.
     *
     * @param connectNs Ns of the message that connected the call; {@link #NS_UNKNOWN} after recovery
     * @param setupDeadline when IP must be up, in monotonic nanoseconds; {@link Long#MAX_VALUE} once it is
     * @param forwarding whether the data plane holds an entry of this call
     * @param timeouts when it has to end by itself
     * @param reporting what of its accounting is under way
     */
    record Live(
            PppLink link,
            int connectNs,
            long setupDeadline,
            boolean forwarding,
            Traffic traffic,
            Admission admission,
            CallTimeouts timeouts,
            Reporting reporting,
            Advertising advertising,
            @Nullable Ending ending) {
        static final int NS_UNKNOWN = -1;

        Live with(PppLink now) {
            return new Live(
                    now,
                    connectNs,
                    setupDeadline,
                    forwarding,
                    traffic,
                    admission,
                    timeouts,
                    reporting,
                    advertising,
                    ending);
        }

        Live with(Traffic now) {
            return new Live(
                    link,
                    connectNs,
                    setupDeadline,
                    forwarding,
                    now,
                    admission,
                    timeouts,
                    reporting,
                    advertising,
                    ending);
        }

        Live with(Admission now) {
            return new Live(
                    link, connectNs, setupDeadline, forwarding, traffic, now, timeouts, reporting, advertising, ending);
        }

        Live with(Ending now) {
            return new Live(
                    link,
                    connectNs,
                    setupDeadline,
                    forwarding,
                    traffic,
                    admission,
                    timeouts,
                    reporting,
                    advertising,
                    now);
        }

        Live with(CallTimeouts now) {
            return new Live(
                    link,
                    connectNs,
                    setupDeadline,
                    forwarding,
                    traffic,
                    admission,
                    now,
                    reporting,
                    advertising,
                    ending);
        }

        Live with(Reporting now) {
            return new Live(
                    link, connectNs, setupDeadline, forwarding, traffic, admission, timeouts, now, advertising, ending);
        }

        Live withConnectNs(int ns) {
            return new Live(
                    link, ns, setupDeadline, forwarding, traffic, admission, timeouts, reporting, advertising, ending);
        }

        Live withForwarding(boolean now, long newSetupDeadline) {
            return new Live(
                    link,
                    connectNs,
                    newSetupDeadline,
                    now,
                    traffic,
                    admission,
                    timeouts,
                    reporting,
                    advertising,
                    ending);
        }

        Live with(Advertising now) {
            return new Live(
                    link, connectNs, setupDeadline, forwarding, traffic, admission, timeouts, reporting, now, ending);
        }
    }

    /**
     * When Router Advertisements go to a subscriber with IPv6.
     *
     * @param next when the next one is due, in monotonic nanoseconds; {@link Long#MAX_VALUE} for never
     * @param last when one was sent; {@link Long#MIN_VALUE} before the first
     * @param count how many of the first ones, which come fast, are done or under way
     */
    record Advertising(long next, long last, int count) {
        static final Advertising NONE = new Advertising(Long.MAX_VALUE, Long.MIN_VALUE, 0);
    }

    /**
     * @param heard whether any frame came from the peer since the call was connected, or resumed
     * @param upPackets the peer's packets in all, when last looked
     */
    record Traffic(boolean heard, long upPackets) {
        static final Traffic NONE = new Traffic(false, 0);
    }

    /**
     * Who was let in, and with which address.
     *
     * @param user empty until somebody was let in
     * @param limits what the call may use
     * @param profile what else is known of him
     * @param leased the address assigned to the peer, to be given back; 0: none
     * @param spare another one, leased because the peer wished it: IPCP will show which of the two it takes; 0: none
     * @param wished the address that the peer wishes and whose lease is being asked for; 0: none
     * @param asked the request that waits for its answer
     * @param protocol PPP protocol of the latest authentication dialogue, 0 when none got so far
     * @param denial why the latest request was turned away
     */
    record Admission(
            String user,
            List<String> permitted,
            TrafficLimits limits,
            SubscriberProfile profile,
            int leased,
            int spare,
            int wished,
            @Nullable AccessRequest asked,
            int protocol,
            @Nullable String denial) {
        static final Admission NONE =
                new Admission("", List.of(), TrafficLimits.NONE, SubscriberProfile.NONE, 0, 0, 0, null, 0, null);

        boolean holds(int address) {
            return address != 0 && (address == leased || address == spare);
        }

        Admission asking(AccessRequest request, int byProtocol) {
            return new Admission(user, permitted, limits, profile, leased, spare, wished, request, byProtocol, null);
        }

        /** The question is answered, but not decided. */
        Admission answered() {
            return new Admission(user, permitted, limits, profile, leased, spare, wished, null, protocol, denial);
        }

        Admission denied(String reason) {
            return new Admission(user, permitted, limits, profile, leased, spare, wished, null, protocol, reason);
        }

        Admission granted(
                String newUser,
                int address,
                List<String> ranges,
                TrafficLimits newLimits,
                SubscriberProfile newProfile) {
            return new Admission(
                    newUser, List.copyOf(ranges), newLimits, newProfile, address, 0, 0, null, protocol, null);
        }

        Admission limited(TrafficLimits newLimits) {
            return new Admission(user, permitted, newLimits, profile, leased, spare, wished, asked, protocol, denial);
        }

        Admission within(SubscriberProfile newProfile) {
            return new Admission(user, permitted, limits, newProfile, leased, spare, wished, asked, protocol, denial);
        }

        Admission wishing(int address) {
            return new Admission(user, permitted, limits, profile, leased, spare, address, asked, protocol, denial);
        }

        Admission holding(int address, int other) {
            return new Admission(user, permitted, limits, profile, address, other, 0, asked, protocol, denial);
        }
    }

    /**
     * The call is being ended.
     *
     * @param deadline when to end it at last, in monotonic nanoseconds
     * @param cdnExpected whether the peer ended PPP and may send its CDN yet; else we wait for our link to terminate
     */
    record Ending(CallEnd end, long deadline, boolean cdnExpected) {}
}
