package io.warren.bench;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/** What a {@link Side} is told to do: one JSON object in one line. Each is answered when it has been done. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "order")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Order.Dial.class, name = "dial"),
    @JsonSubTypes.Type(value = Order.HangUp.class, name = "hang-up"),
    @JsonSubTypes.Type(value = Order.Flows.class, name = "flows"),
    @JsonSubTypes.Type(value = Order.Expect.class, name = "expect"),
    @JsonSubTypes.Type(value = Order.Count.class, name = "count"),
    @JsonSubTypes.Type(value = Order.Send.class, name = "send"),
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
    record Dial(String lns, int tunnels, int calls, int inFlight, int timeoutSeconds, String secret, String password)
            implements OfCalls {}

    /** Ends all tunnels, and the calls with them; answered with {@link Answer.HungUp}. */
    record HangUp() implements OfCalls {}

    /**
     * Who the subscribers are.
     *
     * @param addresses as in {@link Answer.Dialled}
     */
    record Flows(List<Integer> addresses) implements OfTraffic {}

    /** A run begins: what comes from now on is counted from zero. */
    record Expect(int run) implements OfTraffic {}

    /** How the run went so far; answered with {@link Answer.Counts}. */
    record Count() implements OfTraffic {}

    /**
     * Sends; answered with {@link Answer.Sent}.
     *
     * @param rate packets per second
     * @param least, most size of the IP packets, in octets
     * @param train at most so many packets of one flow follow one another; 1: all flows take turns
     */
    record Send(int run, double rate, double seconds, int least, int most, int train) implements OfTraffic {}

    /** Answers RADIUS requests on the loopback from now on: whoever has the password is let in. */
    record Radius(int port, String secret, String password) implements BesideLns {}

    /** An HTTP GET; answered with {@link Answer.Fetched}, status 0 when nobody listens. */
    record Fetch(String url) implements BesideLns {}
}
