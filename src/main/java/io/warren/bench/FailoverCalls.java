package io.warren.bench;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which calls {@code warren bench failover} makes: those that it watches, and those that come and go beside them. */
final class FailoverCalls {
    @Option(
            names = "--lns",
            paramLabel = "HOST[:PORT]",
            defaultValue = "10.99.0.1:1701",
            description = "Whom to call (default: ${DEFAULT-VALUE}).")
    private String lns = "";

    @Option(names = "--secret", paramLabel = "SECRET", description = "Of the tunnels (default: none).")
    private @Nullable String secret;

    @Option(
            names = "--password",
            paramLabel = "PASSWORD",
            defaultValue = Lns.PASSWORD,
            description = "Of all users; these are bench-0, bench-1, …, bench-new-0, … (default: ${DEFAULT-VALUE}).")
    private String password = "";

    @Option(
            names = "--tunnels",
            paramLabel = "N",
            defaultValue = "30",
            description = "Tunnels that they are in, each from a port of its own (default: ${DEFAULT-VALUE}).")
    private int tunnels;

    @Option(
            names = "--calls",
            paramLabel = "N",
            defaultValue = "3000",
            description = "Calls that traffic goes through (default: ${DEFAULT-VALUE}).")
    private int calls;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            defaultValue = "100",
            description = "Calls that are being set up at any time (default: ${DEFAULT-VALUE}).")
    private int inFlight;

    @Option(
            names = "--dial-seconds",
            paramLabel = "SECONDS",
            defaultValue = "120",
            description = "How long that may take (default: ${DEFAULT-VALUE}).")
    private int dialSeconds;

    @Option(
            names = "--new-calls",
            paramLabel = "N",
            defaultValue = "0",
            description = "Further calls per second, set up and ended in tunnels of their own (default: none).")
    private double newCalls;

    @Option(
            names = "--new-tunnels",
            paramLabel = "N",
            defaultValue = "10",
            description = "Tunnels for these (default: ${DEFAULT-VALUE}).")
    private int newTunnels;

    @Option(
            names = "--hold",
            paramLabel = "SECONDS",
            defaultValue = "2",
            description = "How long each of these stays up (default: ${DEFAULT-VALUE}).")
    private double hold;

    /** Whether all numbers are in their ranges. */
    boolean inRange() {
        return calls >= 1 && tunnels >= 1 && newCalls >= 0 && newTunnels >= 1;
    }

    /** Those that traffic goes through. */
    Order.Dial dial() {
        return new Order.Dial(to(tunnels), calls, inFlight, dialSeconds);
    }

    /** Those that come and go; null: none. */
    Order.@Nullable Turnover turnover() {
        return newCalls > 0 ? new Order.Turnover(to(newTunnels), newCalls, hold) : null;
    }

    private Order.Tunnels to(int count) {
        return new Order.Tunnels(lns, count, secret, password, true);
    }
}
