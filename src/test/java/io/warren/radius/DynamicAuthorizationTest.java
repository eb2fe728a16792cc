package io.warren.radius;

import static io.warren.config.RadiusSettings.MessageAuthenticator.ACCEPT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.warren.config.HostPort;
import io.warren.config.RadiusSettings;
import io.warren.config.Secret;
import io.warren.config.TlsSettings;
import io.warren.control.port.SessionKey;
import io.warren.control.port.SubscriberCalls;
import io.warren.control.port.TrafficLimits;
import io.warren.wire.Bytes;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DynamicAuthorizationTest {
    private static final String SECRET = "open-sesame";
    private static final Instant NOW = Instant.ofEpochSecond(1_000_000);
    private static final SubscriberCalls.Found CALL = new SubscriberCalls.Found(
            AccessQuestionTest.CALL.key(),
            AccessQuestionTest.CALL.accountingId(),
            "alice",
            0x0a000007,
            "0301234",
            true,
            new TrafficLimits(0, 0, 0, 0, 50));

    private final List<Object> done = new CopyOnWriteArrayList<>();
    private final List<SubscriberCalls.Found> here = new ArrayList<>(List.of(CALL));
    private final RadiusFigures figures = new RadiusFigures();
    private final DynamicAuthorization server;
    private final InetSocketAddress place;
    private final DatagramSocket socket;
    private int identifier;

    private final class Calls implements SubscriberCalls {
        @Override
        public boolean hasFilter(String filterId) {
            return !filterId.equals("unknown");
        }

        @Override
        public CompletionStage<Optional<Found>> find(SessionKey key) {
            return key.tunnelId() == 9
                    ? CompletableFuture.failedFuture(new IOException("its node does not answer"))
                    : CompletableFuture.completedFuture(
                            here.stream().filter(call -> call.key().equals(key)).findFirst());
        }

        @Override
        public CompletionStage<List<Found>> find(Wanted wanted) {
            return wanted.user() != null && wanted.user().equals("on a node that is silent")
                    ? CompletableFuture.failedFuture(new IOException("a node does not answer"))
                    : CompletableFuture.completedFuture(here.stream()
                            .filter(call -> wanted.fits(call.user(), call.address()))
                            .toList());
        }

        @Override
        public void change(SessionKey key, Change change) {
            done.add(change);
        }

        @Override
        public void end(SessionKey key, String by, String reason) {
            done.add(by + ": " + reason);
        }
    }

    DynamicAuthorizationTest() throws Exception {
        RadiusSettings plain = FakeServer.settings();
        TlsSettings tls = new TlsSettings(2083, "127.0.0.2", List.of(), null);
        RadiusSettings settings = new RadiusSettings(
                List.of(new RadiusSettings.Server(
                        "over TLS", "127.0.0.2", new Secret("radsec"), 1812, 1813, 1, 100, 256, ACCEPT, tls)),
                plain.localUsers(),
                plain.nasIdentifier(),
                null,
                "",
                plain.retransmission(),
                plain.accounting(),
                new RadiusSettings.DynamicAuthorization(
                        List.of(new HostPort("127.0.0.1", 0)),
                        List.of(new RadiusSettings.Client("desk", "127.0.0.1", new Secret(SECRET)))));
        server = DynamicAuthorization.start(settings, new Calls(), figures, InstantSource.fixed(NOW));
        place = server.listening().getFirst();
        socket = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
        socket.setSoTimeout(5_000);
    }

    @AfterEach
    void close() {
        server.close();
        socket.close();
    }

    /** Signed as RFC 5176 §2.3 says, by other means than ours. */
    private byte[] request(int code, String secret, Attributes attributes) throws Exception {
        int length = 20;
        for (Attributes.Attribute attribute : attributes.list()) {
            length += 2 + attribute.value().length();
        }
        ByteBuffer octets = ByteBuffer.allocate(length)
                .put((byte) code)
                .put((byte) ++identifier)
                .putShort((short) length)
                .put(new byte[16]);
        for (Attributes.Attribute attribute : attributes.list()) {
            octets.put((byte) attribute.number())
                    .put((byte) (2 + attribute.value().length()))
                    .put(attribute.value().toByteArray());
        }
        MessageDigest md5 = MessageDigest.getInstance("MD5");
        md5.update(octets.array());
        byte[] signature = md5.digest(secret.getBytes(StandardCharsets.UTF_8));
        return octets.put(4, signature).array();
    }

    private void send(byte[] datagram) throws IOException {
        socket.send(new DatagramPacket(datagram, datagram.length, place));
    }

    /** The answer, if it is genuine. */
    private RadiusPacket exchange(byte[] request) throws Exception {
        send(request);
        byte[] buffer = new byte[4096];
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        socket.receive(packet);
        RadiusCodec.Reading reading = new RadiusCodec(SECRET)
                .reply(Arrays.copyOf(buffer, packet.getLength()), Arrays.copyOfRange(request, 4, 20), true);
        return ((RadiusCodec.Reading.Genuine) reading).packet();
    }

    private RadiusPacket ask(int code, Attributes.Builder attributes) throws Exception {
        return exchange(request(code, SECRET, attributes.build()));
    }

    private @Nullable Integer refused(int code, Attributes.Builder attributes) throws Exception {
        RadiusPacket answer = ask(code, attributes);
        assertThat(answer.code())
                .isEqualTo(code == RadiusCode.COA_REQUEST ? RadiusCode.COA_NAK : RadiusCode.DISCONNECT_NAK);
        assertThat(done).isEmpty();
        return answer.attributes().integer(RadiusAttribute.ERROR_CAUSE);
    }

    private void droppedAs(Dropped why, byte[] datagram) throws Exception {
        send(datagram);
        socket.setSoTimeout(300);
        assertThatThrownBy(() -> socket.receive(new DatagramPacket(new byte[4096], 4096)))
                .isInstanceOf(SocketTimeoutException.class);
        assertThat(figures.of("dropped: " + why.words())).isEqualTo(1);
        assertThat(done).isEmpty();
    }

    private static Attributes.Builder call() {
        return Attributes.builder().text(RadiusAttribute.ACCT_SESSION_ID, CALL.accountingId());
    }

    @Test
    void aDisconnectRequestEndsTheCall() throws Exception {
        RadiusPacket answer = ask(
                RadiusCode.DISCONNECT_REQUEST,
                call().text(RadiusAttribute.USER_NAME, "alice")
                        .octets(RadiusAttribute.PROXY_STATE, Bytes.ofHex("beef")));
        assertThat(answer.code()).isEqualTo(RadiusCode.DISCONNECT_ACK);
        assertThat(answer.attributes().first(RadiusAttribute.PROXY_STATE)).isEqualTo(Bytes.ofHex("beef"));
        assertThat(done).containsExactly("radius desk: Disconnect-Request");
    }

    @Test
    void aCoaRequestChangesRatesAndTimeouts() throws Exception {
        RadiusPacket answer = ask(
                RadiusCode.COA_REQUEST,
                call().text(RadiusAttribute.FILTER_ID, "2000/1000").integer(RadiusAttribute.SESSION_TIMEOUT, 3600));
        assertThat(answer.code()).isEqualTo(RadiusCode.COA_ACK);
        assertThat(done)
                .containsExactly(new SubscriberCalls.Change(
                        new TrafficLimits(125_000, 0, 250_000, 0, 50), 3600, null, null, null, "radius desk"));
    }

    @Test
    void aCoaRequestSaysWhenACallEnds() throws Exception {
        Bytes time = Bytes.of("2026-12-24T18:00:00+01:00".getBytes(StandardCharsets.US_ASCII));
        RadiusPacket answer =
                ask(RadiusCode.COA_REQUEST, call().vendor(VendorAttribute.WISPR_SESSION_TERMINATE_TIME, time));
        assertThat(answer.code()).isEqualTo(RadiusCode.COA_ACK);
        assertThat(done)
                .containsExactly(new SubscriberCalls.Change(
                        null, null, null, Instant.parse("2026-12-24T17:00:00Z"), null, "radius desk"));
        Bytes none = Bytes.of("tomorrow".getBytes(StandardCharsets.US_ASCII));
        RadiusPacket refused =
                ask(RadiusCode.COA_REQUEST, call().vendor(VendorAttribute.WISPR_SESSION_TERMINATE_TIME, none));
        assertThat(refused.code()).isEqualTo(RadiusCode.COA_NAK);
        assertThat(refused.attributes().integer(RadiusAttribute.ERROR_CAUSE)).isEqualTo(407);
    }

    /** RFC 5176 §3.5: what is not done must not be acknowledged. */
    @Test
    void aVendorsAttributeThatMeansNothingHereIsRefusedBesideOneThatDoes() throws Exception {
        Bytes time = Bytes.of("2026-12-24T18:00:00+01:00".getBytes(StandardCharsets.US_ASCII));
        Bytes unreadable = Bytes.of("10Mbit/10Mbit".getBytes(StandardCharsets.US_ASCII));
        assertThat(refused(
                        RadiusCode.COA_REQUEST,
                        call().vendor(VendorAttribute.WISPR_SESSION_TERMINATE_TIME, time)
                                .vendor(VendorAttribute.MIKROTIK_RATE_LIMIT, unreadable)))
                .isEqualTo(401);
        assertThat(done).isEmpty();
    }

    @Test
    void aCoaRequestPutsACallBehindFilters() throws Exception {
        RadiusPacket answer = ask(
                RadiusCode.COA_REQUEST,
                call().text(RadiusAttribute.FILTER_ID, "garden.in").text(RadiusAttribute.FILTER_ID, "2000/1000"));
        assertThat(answer.code()).isEqualTo(RadiusCode.COA_ACK);
        assertThat(done)
                .containsExactly(new SubscriberCalls.Change(
                        new TrafficLimits(125_000, 0, 250_000, 0, 50),
                        null,
                        null,
                        null,
                        List.of("garden.in"),
                        "radius desk"));
    }

    /** Else a slip of the pen would let somebody out of the walled garden. */
    @Test
    void aFilterThatThereIsNotIsRefused() throws Exception {
        RadiusPacket answer = ask(RadiusCode.COA_REQUEST, call().text(RadiusAttribute.FILTER_ID, "unknown"));
        assertThat(answer.code()).isEqualTo(RadiusCode.COA_NAK);
        assertThat(answer.attributes().integer(RadiusAttribute.ERROR_CAUSE)).isEqualTo(407);
        assertThat(done).isEmpty();
    }

    @Test
    void aCallIsAlsoKnownByItsPortItsAddressOrItsUser() throws Exception {
        for (Attributes.Builder identity : List.of(
                Attributes.builder()
                        .text(RadiusAttribute.NAS_PORT_ID, CALL.key().toString()),
                Attributes.builder().integer(RadiusAttribute.NAS_PORT, NasIdentity.port(CALL.key())),
                Attributes.builder().integer(RadiusAttribute.FRAMED_IP_ADDRESS, CALL.address()),
                Attributes.builder().text(RadiusAttribute.USER_NAME, "alice"))) {
            assertThat(ask(RadiusCode.DISCONNECT_REQUEST, identity).code()).isEqualTo(RadiusCode.DISCONNECT_ACK);
        }
        assertThat(done).hasSize(4);
    }

    @Test
    void aCallThatIsNotThereIsNotFound() throws Exception {
        assertThat(refused(
                        RadiusCode.DISCONNECT_REQUEST,
                        Attributes.builder().text(RadiusAttribute.ACCT_SESSION_ID, "none of ours")))
                .isEqualTo(503);
        assertThat(refused(RadiusCode.DISCONNECT_REQUEST, call().text(RadiusAttribute.USER_NAME, "bob")))
                .as("all that is said must fit")
                .isEqualTo(503);
        assertThat(refused(
                        RadiusCode.DISCONNECT_REQUEST,
                        Attributes.builder().text(RadiusAttribute.ACCT_SESSION_ID, "1234abcd" + "00000000000001")))
                .as("an older call with the same ids")
                .isEqualTo(503);
        assertThat(refused(
                        RadiusCode.DISCONNECT_REQUEST,
                        call().integer(RadiusAttribute.NAS_PORT, NasIdentity.port(CALL.key()) + 1)))
                .as("two calls at once")
                .isEqualTo(503);
    }

    @Test
    void eachMistakeHasItsErrorCause() throws Exception {
        assertThat(refused(RadiusCode.DISCONNECT_REQUEST, Attributes.builder())).isEqualTo(402);
        assertThat(refused(RadiusCode.COA_REQUEST, call())).isEqualTo(402);
        assertThat(refused(RadiusCode.COA_REQUEST, call().text(RadiusAttribute.NAS_IDENTIFIER, "another")))
                .isEqualTo(403);
        assertThat(refused(RadiusCode.COA_REQUEST, call().integer(RadiusAttribute.SERVICE_TYPE, 17)))
                .isEqualTo(405);
        assertThat(refused(RadiusCode.COA_REQUEST, call().text(RadiusAttribute.FRAMED_POOL, "other")))
                .as("a call cannot move to another pool")
                .isEqualTo(401);
        assertThat(refused(RadiusCode.COA_REQUEST, call().octets(RadiusAttribute.SESSION_TIMEOUT, Bytes.ofHex("01"))))
                .isEqualTo(407);
        assertThat(refused(
                        RadiusCode.DISCONNECT_REQUEST, Attributes.builder().text(RadiusAttribute.NAS_PORT_ID, "9-1")))
                .isEqualTo(506);
        assertThat(refused(
                        RadiusCode.COA_REQUEST,
                        Attributes.builder()
                                .text(RadiusAttribute.USER_NAME, "on a node that is silent")
                                .text(RadiusAttribute.FILTER_ID, "2000/1000")))
                .isEqualTo(506);
        here.add(new SubscriberCalls.Found(new SessionKey(1, 1), "", "alice", 1, null, true, TrafficLimits.NONE));
        assertThat(refused(
                        RadiusCode.DISCONNECT_REQUEST, Attributes.builder().text(RadiusAttribute.USER_NAME, "alice")))
                .isEqualTo(508);
    }

    @Test
    void whoDoesNotKnowTheSecretIsNotAnswered() throws Exception {
        droppedAs(Dropped.WRONG_AUTHENTICATOR, request(RadiusCode.DISCONNECT_REQUEST, "wrong", call().build()));
    }

    /** Everybody knows the secret of a server over TLS, and an address can be forged. */
    @Test
    void aServerOverTlsMayNotAskByUdp() throws Exception {
        try (DatagramSocket theirs = new DatagramSocket(0, InetAddress.getByName("127.0.0.2"))) {
            byte[] request = request(RadiusCode.DISCONNECT_REQUEST, "radsec", call().build());
            theirs.send(new DatagramPacket(request, request.length, place));
            for (int i = 0; i < 100 && figures.snapshot().isEmpty(); i++) {
                Thread.sleep(20);
            }
        }
        assertThat(figures.snapshot()).containsEntry("dropped: unknown source", 1L);
        assertThat(done).isEmpty();
    }

    @Test
    void aWrongMessageAuthenticatorIsNotAnswered() throws Exception {
        droppedAs(
                Dropped.WRONG_MESSAGE_AUTHENTICATOR,
                request(
                        RadiusCode.DISCONNECT_REQUEST,
                        SECRET,
                        call().octets(RadiusAttribute.MESSAGE_AUTHENTICATOR, Bytes.of(new byte[16]))
                                .build()));
    }

    @Test
    void anOldRequestIsNotAnswered() throws Exception {
        droppedAs(
                Dropped.STALE,
                request(
                        RadiusCode.DISCONNECT_REQUEST,
                        SECRET,
                        call().integer(RadiusAttribute.EVENT_TIMESTAMP, NOW.getEpochSecond() - 301)
                                .build()));
    }

    @Test
    void garbageIsNotAnswered() throws Exception {
        droppedAs(Dropped.MALFORMED, new byte[] {40, 1, 0, 21, 0});
    }

    @Test
    void whoeverMayNotAskIsNotAnswered() throws Exception {
        try (DatagramSocket other = new DatagramSocket(0, InetAddress.getByName("127.0.0.2"))) {
            byte[] request = request(RadiusCode.DISCONNECT_REQUEST, SECRET, call().build());
            other.send(new DatagramPacket(request, request.length, place));
        }
        for (int i = 0; i < 100 && figures.of("dropped: unknown source") == 0; i++) {
            Thread.sleep(20);
        }
        assertThat(figures.of("dropped: unknown source")).isEqualTo(1);
        assertThat(done).isEmpty();
    }

    @Test
    void aRepeatedRequestIsAnsweredAgainAndDoesNothing() throws Exception {
        byte[] request = request(RadiusCode.DISCONNECT_REQUEST, SECRET, call().build());
        assertThat(exchange(request).code()).isEqualTo(RadiusCode.DISCONNECT_ACK);
        assertThat(exchange(request).code()).isEqualTo(RadiusCode.DISCONNECT_ACK);
        assertThat(done).hasSize(1);
        assertThat(figures.of("dropped: repeated")).isEqualTo(1);
    }

    /** Its one thread must survive whatever a client that knows the secret sends. */
    @Test
    void anyRequestsAreSurvived() throws Exception {
        long seed = Long.getLong("warren.seed", System.nanoTime());
        Random random = new Random(seed);
        RadiusAttribute[] types = RadiusAttribute.values();
        for (int round = 0; round < 200; round++) {
            Attributes.Builder attributes = random.nextBoolean() ? call() : Attributes.builder();
            for (int n = random.nextInt(6); n > 0; n--) {
                byte[] value = new byte[random.nextInt(4) == 0 ? random.nextInt(250) : 4];
                random.nextBytes(value);
                attributes.octets(types[random.nextInt(types.length)], Bytes.of(value));
            }
            byte[] request = request(
                    random.nextBoolean() ? RadiusCode.COA_REQUEST : RadiusCode.DISCONNECT_REQUEST,
                    SECRET,
                    attributes.build());
            if (random.nextInt(8) == 0) {
                request = Arrays.copyOf(request, random.nextInt(request.length + 1));
            }
            send(request);
            if (round % 20 == 19) {
                // so that no queue overflows
                assertAnswersYet("seed " + seed);
            }
        }
    }

    /** What belongs into the answer leaves no room for it. */
    @Test
    void aRequestFullOfProxyStatesIsSurvivedAndCounted() throws Exception {
        Attributes.Builder attributes = Attributes.builder().text(RadiusAttribute.USER_NAME, "alice");
        for (int n = 0; n < 15; n++) {
            attributes.octets(RadiusAttribute.PROXY_STATE, Bytes.of(new byte[Attributes.LONGEST]));
        }
        byte[] shorter =
                new byte[4_096 - request(RadiusCode.DISCONNECT_REQUEST, SECRET, attributes.build()).length - 2];
        attributes.octets(RadiusAttribute.PROXY_STATE, Bytes.of(shorter));
        byte[] full = request(RadiusCode.DISCONNECT_REQUEST, SECRET, attributes.build());
        assertThat(full).hasSize(4_096);
        send(full);
        assertAnswersYet("after " + full.length + " octets");
        assertThat(done).as("of the other request only").hasSize(1);
        assertThat(figures.of("dropped: " + Dropped.NO_ROOM_FOR_AN_ANSWER.words()))
                .isOne();
    }

    private void assertAnswersYet(String after) throws Exception {
        byte[] good = request(RadiusCode.DISCONNECT_REQUEST, SECRET, call().build());
        send(good);
        RadiusCodec codec = new RadiusCodec(SECRET);
        byte[] buffer = new byte[4_096];
        while (true) {
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            try {
                socket.receive(packet);
            } catch (SocketTimeoutException e) {
                throw new AssertionError("no answer " + after, e);
            }
            byte[] answer = Arrays.copyOf(buffer, packet.getLength());
            if (codec.reply(answer, Arrays.copyOfRange(good, 4, 20), true)
                    instanceof RadiusCodec.Reading.Genuine(RadiusPacket read)) {
                assertThat(read.code()).as(after).isEqualTo(RadiusCode.DISCONNECT_ACK);
                return;
            }
        }
    }
}
