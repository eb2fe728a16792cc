package io.warren.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Ten thousand calls are up when the node is killed. */
@SuppressWarnings("NullAway.Init")
class ManyCallsIT {
    private static final int TUNNELS = 50;
    private static final int CALLS = 10_000;
    private static final int CALLS_PER_SECOND = 1_000;

    @RegisterExtension
    static final Lab LAB = Lab.withNode();

    static WarrenNode node;

    @BeforeAll
    static void start() {
        node = LAB.owning(WarrenNode.start(LAB.topology(), WarrenNode.Settings.PLAIN));
    }

    @Test
    void allAreForwardedSoonAfterARestartAndNoneIsLost() {
        try (ManyCalls calls = ManyCalls.start(LAB.topology(), TUNNELS, CALLS, CALLS_PER_SECOND, null)) {
            calls.awaitAllUp(Duration.ofMinutes(2));
            assertThat(calls.ping(WarrenNode.GATEWAY, CALLS, Duration.ofSeconds(10)))
                    .isEqualTo(CALLS);

            try (Capture capture = Capture.start(LAB.topology(), "restart")) {
                node.kill();
                node.start();
                assertThat(calls.ping(WarrenNode.GATEWAY, CALLS, Duration.ofSeconds(3)))
                        .as("echoes answered within 3 s of the node being ready")
                        .isEqualTo(CALLS);

                Await.until(
                        "every actor has come back",
                        Duration.ofMinutes(1),
                        () -> node.log().contains((CALLS + TUNNELS) + " tunnels and calls run again"));
                Await.pause(Duration.ofSeconds(2));
                capture.stop();
                assertThat(capture.count(Capture.CDN) + capture.count(Capture.STOP_CCN))
                        .as("CDN and StopCCN")
                        .isZero();
            }
            assertThat(calls.status("up")).isEqualTo(CALLS);

            assertThat(calls.hangUp(CALLS, Duration.ofSeconds(60)))
                    .as("calls that were ended in order")
                    .isEqualTo(CALLS);
            assertThat(calls.status("closed-by-peer") + calls.status("tunnels-closed"))
                    .isZero();
            Await.until(
                    "no call is left at the node",
                    Duration.ofSeconds(30),
                    () -> node.get("/l2tp/sessions")
                            .map(reply -> reply.body().path("items").isEmpty())
                            .orElse(false));
        }
    }
}
