package io.warren.ppp;

import static io.warren.ppp.SimulatedLine.last;
import static io.warren.ppp.SimulatedLine.only;
import static org.assertj.core.api.Assertions.assertThat;

import io.warren.ppp.SimulatedLine.Quality;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client dials a server over lines that lose, double and re-order frames. */
class LossyLineTest {
    private static final int SEEDS = 300;

    @ParameterizedTest
    @EnumSource(AuthenticationMethod.class)
    void comesUpOverAPerfectLineInTwentyMilliseconds(AuthenticationMethod method) {
        SimulatedLine line =
                SimulatedLine.with(method, "clientPass", 1).bothUp().run(Duration.ofMillis(20));
        assertThat(line.server.phase()).isEqualTo("open");
        assertThat(line.client.phase()).isEqualTo("open");
    }

    @ParameterizedTest
    @EnumSource(AuthenticationMethod.class)
    void comesUpOverABadLine(AuthenticationMethod method) {
        for (long seed = 0; seed < SEEDS; seed++) {
            SimulatedLine line = SimulatedLine.with(method, "clientPass", seed);
            line.quality = new Quality(0.15, 0.15, Duration.ofMillis(20), Duration.ofMillis(40));
            line.bothUp().run(Duration.ofSeconds(50));
            line.quality = Quality.PERFECT;
            line.run(Duration.ofSeconds(9));
            assertThat(line.server.phase()).as("server, seed %d", seed).isEqualTo("open");
            assertThat(line.client.phase()).as("client, seed %d", seed).isEqualTo("open");
            LinkOutput.NetworkUp atServer = last(line.serverSaid, LinkOutput.NetworkUp.class);
            LinkOutput.NetworkUp atClient = last(line.clientSaid, LinkOutput.NetworkUp.class);
            mirrored(atServer.parameters(), atClient.parameters(), seed);
        }
    }

    private static void mirrored(LinkParameters server, LinkParameters client, long seed) {
        assertThat(client)
                .as("seed %d", seed)
                .isEqualTo(new LinkParameters(
                        /* localMagic= */ server.peerMagic(),
                        /* peerMagic= */ server.localMagic(),
                        1500,
                        1500,
                        false,
                        false,
                        SimulatedLine.ASSIGNED,
                        SimulatedLine.GATEWAY,
                        client.dns()));
        assertThat(client.dns()).containsExactly(SimulatedLine.DNS);
    }

    @ParameterizedTest
    @EnumSource(AuthenticationMethod.class)
    void wrongPasswordEndsBothEndsOverABadLine(AuthenticationMethod method) {
        for (long seed = 0; seed < SEEDS; seed++) {
            SimulatedLine line = SimulatedLine.with(method, "wrong", seed);
            line.quality = new Quality(0.15, 0.15, Duration.ofMillis(20), Duration.ofMillis(40));
            line.bothUp().run(Duration.ofSeconds(200));
            assertThat(only(line.serverSaid, LinkOutput.NetworkUp.class)).isEmpty();
            assertThat(only(line.clientSaid, LinkOutput.NetworkUp.class)).isEmpty();
            assertThat(only(line.serverSaid, LinkOutput.LinkDown.class))
                    .as("seed %d", seed)
                    .hasSize(1)
                    .allMatch(down -> down.cause() == LinkEnd.AUTHENTICATION_FAILED);
            assertThat(only(line.clientSaid, LinkOutput.LinkDown.class))
                    .as("seed %d", seed)
                    .hasSize(1);
        }
    }

    @Test
    void clientHangsUpOnAServerThatCannotProveItsKnowledge() {
        SimulatedLine line = SimulatedLine.with(AuthenticationMethod.MSCHAP_V2, "clientPass", 5);
        line.forgedProof = "S=" + "0".repeat(40);
        line.bothUp().run(Duration.ofSeconds(10));
        assertThat(last(line.clientSaid, LinkOutput.LinkDown.class))
                .isEqualTo(new LinkOutput.LinkDown(
                        LinkEnd.AUTHENTICATION_FAILED, "the server did not prove that it knows the password"));
        assertThat(only(line.clientSaid, LinkOutput.NetworkUp.class)).isEmpty();
    }

    @Test
    void slowClientThatLosesTheFirst150MillisecondsIsUpWithinASecond() {
        for (AuthenticationMethod method : AuthenticationMethod.values()) {
            SimulatedLine line = SimulatedLine.with(method, "clientPass", 7);
            long start = line.now;
            line.clientListensFrom = start + Duration.ofMillis(150).toNanos();
            line.serverStep(line.server.lowerUp(start, line.random));
            line.run(Duration.ofMillis(150));
            line.clientStep(line.client.lowerUp(line.now, line.random));
            line.run(Duration.ofMillis(850));
            assertThat(line.server.phase()).isEqualTo("open");
            assertThat(line.client.phase()).isEqualTo("open");
        }
    }

    @Test
    void passiveClientThatAttachesLateIsUpWithinASecond() {
        SimulatedLine line = SimulatedLine.with(AuthenticationMethod.CHAP_MD5, "clientPass", 8);
        long start = line.now;
        line.clientListensFrom = start + Duration.ofMillis(150).toNanos();
        // Its own first request is lost as well.
        line.client = line.client.lowerUp(start, line.random).link();
        line.serverStep(line.server.lowerUp(start, line.random));
        line.run(Duration.ofSeconds(1));
        assertThat(line.server.phase()).isEqualTo("open");
    }

    @Test
    void everyClientFindsTheMethodThatItHas() {
        for (AuthenticationMethod method : AuthenticationMethod.values()) {
            LinkSettings server = SimulatedLine.settings(
                    SimulatedLine.GATEWAY,
                    AuthenticationMethod.MSCHAP_V2,
                    AuthenticationMethod.CHAP_MD5,
                    AuthenticationMethod.EAP,
                    AuthenticationMethod.PAP);
            SimulatedLine line = new SimulatedLine(
                    PppLink.server(server),
                    PppLink.client(SimulatedLine.settings(0), SimulatedLine.identity("clientPass", method)),
                    9);
            line.bothUp().run(Duration.ofSeconds(1));
            assertThat(line.server.phase()).as("%s", method).isEqualTo("open");
            assertThat(line.client.phase()).as("%s", method).isEqualTo("open");
        }
    }

    @Test
    void clientWithoutAPermittedMethodIsTurnedAway() {
        SimulatedLine line = new SimulatedLine(
                PppLink.server(SimulatedLine.settings(SimulatedLine.GATEWAY, AuthenticationMethod.MSCHAP_V2)),
                PppLink.client(
                        SimulatedLine.settings(0), SimulatedLine.identity("clientPass", AuthenticationMethod.PAP)),
                10);
        line.bothUp().run(Duration.ofSeconds(1));
        assertThat(last(line.serverSaid, LinkOutput.LinkDown.class).cause()).isEqualTo(LinkEnd.NEGOTIATION_FAILED);
        // By the table, a Terminate-Request before Opened does not stop the client from asking on.
        line.run(Duration.ofSeconds(40));
        assertThat(only(line.clientSaid, LinkOutput.LinkDown.class)).hasSize(1);
    }

    @Test
    void smallerMruIsAskedForAndHeeded() {
        LinkSettings plain = SimulatedLine.settings(SimulatedLine.GATEWAY, AuthenticationMethod.PAP);
        LinkSettings small = new LinkSettings(
                plain.authentication(),
                plain.hostName(),
                1400,
                plain.address(),
                plain.restart(),
                plain.firstRestart(),
                plain.maxConfigure(),
                plain.maxTerminate(),
                plain.maxFailure(),
                plain.echoInterval(),
                plain.echoFailures(),
                plain.authenticationTimeout());
        SimulatedLine line = new SimulatedLine(
                PppLink.server(small),
                PppLink.client(
                        SimulatedLine.settings(0), SimulatedLine.identity("clientPass", AuthenticationMethod.PAP)),
                11);
        line.bothUp().run(Duration.ofSeconds(1));
        LinkParameters server =
                last(line.serverSaid, LinkOutput.NetworkUp.class).parameters();
        LinkParameters client =
                last(line.clientSaid, LinkOutput.NetworkUp.class).parameters();
        assertThat(server.localMru()).isEqualTo(1400);
        assertThat(server.peerMru()).isEqualTo(1500);
        assertThat(client.peerMru()).isEqualTo(1400);
    }

    @Test
    void deadPeerIsFoundByEcho() {
        SimulatedLine line = SimulatedLine.with(AuthenticationMethod.CHAP_MD5, "clientPass", 12)
                .bothUp()
                .run(Duration.ofMinutes(30));
        assertThat(line.server.phase()).isEqualTo("open");
        line.quality = new Quality(1, 0, Duration.ofMillis(1), Duration.ZERO);
        line.run(Duration.ofSeconds(150));
        assertThat(last(line.serverSaid, LinkOutput.LinkDown.class).cause()).isEqualTo(LinkEnd.ECHO_TIMEOUT);
    }

    @Test
    void hangingUpAtEitherEndEndsBoth() {
        for (boolean atServer : new boolean[] {true, false}) {
            SimulatedLine line = SimulatedLine.with(AuthenticationMethod.CHAP_MD5, "clientPass", 13)
                    .bothUp()
                    .run(Duration.ofSeconds(1));
            if (atServer) {
                line.serverStep(line.server.close("bye", line.now, line.random));
            } else {
                line.clientStep(line.client.close("bye", line.now, line.random));
            }
            line.run(Duration.ofSeconds(10));
            LinkEnd server = last(line.serverSaid, LinkOutput.LinkDown.class).cause();
            LinkEnd client = last(line.clientSaid, LinkOutput.LinkDown.class).cause();
            assertThat(server).isEqualTo(atServer ? LinkEnd.CLOSED : LinkEnd.PEER_TERMINATED);
            assertThat(client).isEqualTo(atServer ? LinkEnd.PEER_TERMINATED : LinkEnd.CLOSED);
        }
    }
}
