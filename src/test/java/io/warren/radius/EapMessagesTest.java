package io.warren.radius;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.config.RadiusSettings.MessageAuthenticator;
import io.warren.control.port.AccessRequest;
import io.warren.control.port.SubscriberAuthority.Verdict;
import io.warren.ppp.Credentials;
import io.warren.ppp.EapRound;
import io.warren.radius.FakeServer.Received;
import io.warren.wire.Bytes;
import io.warren.wire.ppp.EapPacket;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** EAP between us and RADIUS servers (RFC 3579). */
class EapMessagesTest {
    private static final Bytes STATE = Bytes.ofHex("0102030405060708090a0b0c0d0e0f10");
    private static final Bytes IDENTITY =
            new EapPacket.Response(1, EapPacket.IDENTITY, Bytes.of("alice".getBytes())).encode();

    private final FakeServer first = new FakeServer();
    private final FakeServer second = new FakeServer();

    EapMessagesTest() throws Exception {}

    @AfterEach
    void close() {
        first.close();
        second.close();
    }

    private static AccessRequest request(Bytes packet, @Nullable EapRound round) {
        return new AccessRequest(AccessQuestionTest.CALL, new Credentials.Eap("alice", packet, 1400, round));
    }

    private static Bytes octets(int length) {
        byte[] octets = new byte[length];
        new Random(length).nextBytes(octets);
        return Bytes.of(octets);
    }

    private static Verdict verdict(int code, Attributes.Builder attributes) {
        return AccessReply.verdict(
                request(IDENTITY, null),
                new RadiusClient.Answer.Replied("one", new RadiusPacket(code, 1, attributes.build()), key -> key));
    }

    @Test
    void aPacketGoesInPiecesOf253OctetsAndComesTogetherAgain() {
        NasIdentity us = new NasIdentity("lns", null);
        for (int length : new int[] {1, 252, 253, 254, 506, 507, 1400, 1500}) {
            Bytes packet = octets(length);
            RadiusClient.Question question =
                    Objects.requireNonNull(AccessQuestion.of(request(packet, new EapRound("one", STATE)), us));
            Attributes attributes = question.attributes().get();
            List<Bytes> pieces = attributes.all(RadiusAttribute.EAP_MESSAGE).toList();
            assertThat(pieces).hasSize((length + 252) / 253);
            assertThat(pieces.subList(0, pieces.size() - 1)).allMatch(piece -> piece.length() == 253);
            assertThat(EapMessages.joined(attributes)).isEqualTo(packet);
            assertThat(attributes.first(RadiusAttribute.STATE)).isEqualTo(STATE);
            assertThat(attributes.text(RadiusAttribute.USER_NAME)).isEqualTo("alice");
            assertThat(attributes.integer(RadiusAttribute.FRAMED_MTU)).isEqualTo(1400);
            assertThat(attributes.has(RadiusAttribute.USER_PASSWORD)).isFalse();
            assertThat(question.server()).isEqualTo("one");
            assertThat(question.signed()).isTrue();
        }
    }

    @Test
    void aChallengeIsARequestWithItsStateAndItsTime() {
        Bytes packet = octets(600);
        Attributes.Builder attributes = Attributes.builder()
                .octets(RadiusAttribute.EAP_MESSAGE, Bytes.of(java.util.Arrays.copyOf(packet.toByteArray(), 253)))
                .octets(RadiusAttribute.STATE, STATE)
                .octets(
                        RadiusAttribute.EAP_MESSAGE,
                        Bytes.of(java.util.Arrays.copyOfRange(packet.toByteArray(), 253, 506)))
                .octets(
                        RadiusAttribute.EAP_MESSAGE,
                        Bytes.of(java.util.Arrays.copyOfRange(packet.toByteArray(), 506, 600)))
                .integer(RadiusAttribute.SESSION_TIMEOUT, 20);
        assertThat(verdict(RadiusCode.ACCESS_CHALLENGE, attributes))
                .isEqualTo(new Verdict.Challenged(packet, new EapRound("one", STATE), Duration.ofSeconds(20)));
        assertThat(verdict(
                        RadiusCode.ACCESS_CHALLENGE,
                        Attributes.builder().octets(RadiusAttribute.EAP_MESSAGE, IDENTITY)))
                .isEqualTo(new Verdict.Challenged(IDENTITY, new EapRound("one", null), Duration.ZERO));
        assertThat(verdict(RadiusCode.ACCESS_CHALLENGE, Attributes.builder().octets(RadiusAttribute.STATE, STATE)))
                .isEqualTo(new Verdict.Rejected("RADIUS server one asks for more, but not with EAP"));
    }

    @Test
    void theLastPacketComesWithTheVerdict() {
        Bytes success = new EapPacket.Success(4).encode();
        Bytes failure = new EapPacket.Failure(4).encode();
        Verdict accepted =
                verdict(RadiusCode.ACCESS_ACCEPT, Attributes.builder().octets(RadiusAttribute.EAP_MESSAGE, success));
        assertThat(((Verdict.Accepted) accepted).eap()).isEqualTo(success);
        assertThat(((Verdict.Accepted) accepted).user()).isEqualTo("alice");
        assertThat(verdict(RadiusCode.ACCESS_REJECT, Attributes.builder().octets(RadiusAttribute.EAP_MESSAGE, failure)))
                .isEqualTo(new Verdict.Rejected("rejected by RADIUS server one", failure));
    }

    private Radius radius() throws Exception {
        return Radius.start(FakeServer.settings(
                first.server("one", 1, MessageAuthenticator.ACCEPT),
                second.server("two", 2, MessageAuthenticator.ACCEPT)));
    }

    private static Verdict get(Radius radius, AccessRequest request) throws Exception {
        return radius.ask(request).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static byte[] challenge(Received request) {
        return FakeServer.reply(
                request,
                RadiusCode.ACCESS_CHALLENGE,
                Attributes.builder()
                        .octets(RadiusAttribute.EAP_MESSAGE, Bytes.ofHex("0102000604aa"))
                        .octets(RadiusAttribute.STATE, STATE)
                        .build());
    }

    @Test
    void theServerThatAskedIsAnsweredAndNoOther() throws Exception {
        second.script = request -> List.of(challenge(request));
        try (Radius radius = radius()) {
            Verdict.Challenged asked = (Verdict.Challenged) get(radius, request(IDENTITY, null));
            assertThat(asked.round()).as("the first was silent").isEqualTo(new EapRound("two", STATE));
            first.received.clear();
            second.received.clear();
            Bytes answer = Bytes.ofHex("0202000604bb");
            assertThat(get(radius, request(answer, asked.round()))).isInstanceOf(Verdict.Challenged.class);
            Attributes received = second.take().attributes();
            assertThat(received.first(RadiusAttribute.STATE)).isEqualTo(STATE);
            assertThat(EapMessages.joined(received)).isEqualTo(answer);
            second.script = _ -> List.of();
            assertThat(get(radius, request(answer, asked.round()))).isInstanceOf(Verdict.Unavailable.class);
            assertThat(first.received).isEmpty();
        }
    }

    @Test
    void anAnswerToEapWithoutMessageAuthenticatorIsDroppedWhateverTheSettingsSay() throws Exception {
        first.script = request -> List.of(
                FakeServer.bare(request, RadiusCode.ACCESS_ACCEPT, FakeServer.SECRET, Attributes.NONE),
                challenge(request));
        try (Radius radius = radius()) {
            assertThat(get(radius, request(IDENTITY, null))).isInstanceOf(Verdict.Challenged.class);
            assertThat(radius.figures().of("dropped: no message authenticator")).isEqualTo(1);
            assertThat(first.take().attributes().has(RadiusAttribute.MESSAGE_AUTHENTICATOR))
                    .isTrue();
        }
    }
}
