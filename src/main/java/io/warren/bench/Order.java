package io.warren.bench;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a {@link Side} is told to do: one JSON object in one line. Each is answered when it has been done. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "order")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Order.Dial.class, name = "dial"),
    @JsonSubTypes.Type(value = Order.HangUp.class, name = "hang-up"),
    @JsonSubTypes.Type(value = Order.Flows.class, name = "flows"),
    @JsonSubTypes.Type(value = Order.Expect.class, name = "expect"),
    @JsonSubTypes.Type(value = Order.Count.class, name = "count"),
    @JsonSubTypes.Type(value = Order.Send.class, name = "send"),
    @JsonSubTypes.Type(value = Order.Begin.class, name = "begin"),
    @JsonSubTypes.Type(value = Order.End.class, name = "end"),
    @JsonSubTypes.Type(value = Order.Silent.class, name = "silent"),
    @JsonSubTypes.Type(value = Order.Turnover.class, name = "turnover"),
    @JsonSubTypes.Type(value = Order.StopTurnover.class, name = "stop-turnover"),
    @JsonSubTypes.Type(value = Order.CountNewCalls.class, name = "count-new-calls"),
    @JsonSubTypes.Type(value = Order.CountKept.class, name = "count-kept"),
    @JsonSubTypes.Type(value = Order.Radius.class, name = "radius"),
    @JsonSubTypes.Type(value = Order.Fetch.class, name = "fetch")
})
sealed interface Order {
    /** For the client's side. */
    sealed interface OfCalls extends Order {}

    /** For the sides that send and receive. */
    sealed interface OfTraffic extends Order {}

    /** For the side that stands beside the LNS. */
    sealed interface BesideLns extends Order {}

    /**
     * Sets up calls; answered with {@link Answer.Dialled}.
     *
     * @param inFlight calls that are being set up at any time
     */
    record Dial(Tunnels tunnels, int calls, int inFlight, int timeoutSeconds) implements OfCalls {}

    /**
     * Where calls go to. No order by itself.
     *
     * @param lns host, or host:port
     * @param secret of the tunnels; null: none
     * @param password of all users
     * @param probing whether the tunnels send HELLOs several times a second, and repeat quickly what is not acknowledged
     */
    record Tunnels(String lns, int count, @Nullable String secret, String password, boolean probing) {}

    /**
     * Sets up and ends calls from now on, in tunnels of their own, beside those of {@link Dial}.
     *
     * @param holdSeconds how long each stays up
     */
    record Turnover(Tunnels tunnels, double perSecond, double holdSeconds) implements OfCalls {}

    /** Calls are no longer set up. */
    record StopTurnover() implements OfCalls {}

    /** What became of the calls of {@link Turnover} since the run began; answered with {@link Answer.NewCalls}. */
    record CountNewCalls() implements OfCalls {}

    /** Whether the calls of {@link Dial} are still there; answered with {@link Answer.Kept}. */
    record CountKept() implements OfCalls {}

    /** Ends all tunnels, and the calls with them; answered with {@link Answer.HungUp}. */
    record HangUp() implements OfCalls {}

    /**
     * Who the subscribers are.
     *
     * @param addresses as in {@link Answer.Dialled}
     */
    record Flows(List<Integer> addresses) implements OfTraffic {}

    /**
     * A run begins: what comes from now on is counted from zero.
     *
     * @param silences whether the time between packets is looked at
     */
    record Expect(int run, boolean silences) implements OfTraffic {}

    /** How the run went so far; answered with {@link Answer.Counts}. */
    record Count() implements OfTraffic {}

    /**
     * Sends; answered with {@link Answer.Sent}.
     *
     * @param rate packets per second
     * @param least, most size of the IP packets, in octets
     * @param train at most so many packets of one flow follow one another; 1: all flows take turns
     * @param wakeUps how often a second the sender gets to work, at high rates
     */
    record Send(int run, double rate, double seconds, int least, int most, int train, double wakeUps)
            implements OfTraffic {}

    /** Begins to send, for as many seconds at most, and takes further orders meanwhile. */
    record Begin(Send send) implements OfTraffic {}

    /** Ends what {@link Begin} began; answered with {@link Answer.Sent}. */
    record End() implements OfTraffic {}

    /**
     * How long each flow was silent; answered with {@link Answer.Silence}.
     *
     * @param ended when the other side ended to send, of {@link System#nanoTime}
     * @param interval between two packets, or trains of packets, of one flow, in nanoseconds
     */
    record Silent(long ended, long interval) implements OfTraffic {}

    /** Answers RADIUS requests on the loopback from now on: whoever has the password is let in. */
    record Radius(int port, String secret, String password) implements BesideLns {}

    /** An HTTP GET; answered with {@link Answer.Fetched}, status 0 when nobody listens. */
    record Fetch(String url) implements BesideLns {}
}
