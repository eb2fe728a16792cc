package io.warren.radius;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.config.RadiusSettings;
import io.warren.config.RadiusSettings.MessageAuthenticator;
import io.warren.config.Secret;
import io.warren.radius.FakeServer.Received;
import io.warren.radius.RadiusClient.Answer;
import io.warren.wire.Bytes;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RadiusClientTest {
    private static final Attributes HELLO =
            Attributes.builder().text(RadiusAttribute.REPLY_MESSAGE, "hello").build();

    private final RadiusFigures figures = new RadiusFigures();
    private final FakeServer server;
    private final List<AutoCloseable> open = new ArrayList<>();

    RadiusClientTest() throws Exception {
        server = new FakeServer();
        open.add(server);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    private RadiusClient client(MessageAuthenticator demanded) throws Exception {
        RadiusClient client = RadiusClient.start(
                FakeServer.settings(server.server("one", 1, demanded)), RadiusClient.Purpose.AUTHENTICATION, figures);
        open.add(client);
        return client;
    }

    private static RadiusClient.Question question(int code) {
        Attributes attributes =
                Attributes.builder().text(RadiusAttribute.USER_NAME, "alice").build();
        return new RadiusClient.Question(code, () -> attributes, null);
    }

    private static CompletableFuture<Answer> ask(RadiusClient client) {
        return client.ask(question(RadiusCode.ACCESS_REQUEST)).toCompletableFuture();
    }

    private static Answer get(CompletionStage<Answer> stage) throws Exception {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static byte[] accept(Received request) {
        return FakeServer.reply(request, RadiusCode.ACCESS_ACCEPT, HELLO);
    }

    @Test
    void aGenuineAnswerIsTaken() throws Exception {
        server.script = request -> List.of(accept(request));
        Answer.Replied replied = (Answer.Replied) get(ask(client(MessageAuthenticator.REQUIRE)));
        assertThat(replied.server()).isEqualTo("one");
        assertThat(replied.packet().code()).isEqualTo(RadiusCode.ACCESS_ACCEPT);
        assertThat(replied.packet().attributes().text(RadiusAttribute.REPLY_MESSAGE))
                .isEqualTo("hello");
    }

    @Test
    void anAccessRequestBeginsWithAMessageAuthenticatorThatFits() throws Exception {
        ask(client(MessageAuthenticator.REQUIRE));
        byte[] octets = server.take().octets();
        assertThat(octets[20]).isEqualTo((byte) 80);
        byte[] stated = Arrays.copyOfRange(octets, 22, 38);
        byte[] blank = octets.clone();
        Arrays.fill(blank, 22, 38, (byte) 0);
        Mac mac = Mac.getInstance("HmacMD5");
        mac.init(new SecretKeySpec(FakeServer.SECRET.getBytes(), "HmacMD5"));
        assertThat(stated).isEqualTo(mac.doFinal(blank));
    }

    @Test
    void thePasswordIsHiddenForTheServer() throws Exception {
        client(MessageAuthenticator.REQUIRE)
                .ask(new RadiusClient.Question(
                        RadiusCode.ACCESS_REQUEST, () -> HELLO, Bytes.of("a password of more than 16".getBytes())));
        Received request = server.take();
        assertThat(request.password()).isEqualTo("a password of more than 16");
        assertThat(new String(request.octets(), "ISO-8859-1")).doesNotContain("password");
    }

    @Test
    void whatIsLostIsSentAgainTheSame() throws Exception {
        List<Received> seen = new ArrayList<>();
        server.script = request -> {
            seen.add(request);
            return seen.size() < 3 ? List.of() : List.of(accept(request));
        };
        assertThat(get(ask(client(MessageAuthenticator.REQUIRE)))).isInstanceOf(Answer.Replied.class);
        assertThat(seen).hasSize(3);
        assertThat(seen.get(1).octets()).isEqualTo(seen.get(0).octets());
        assertThat(seen.get(2).octets()).isEqualTo(seen.get(0).octets());
        assertThat(figures.of("repeated")).isEqualTo(2);
    }

    @Test
    void anAnswerWithoutMessageAuthenticatorIsDroppedWhereItIsDemanded() throws Exception {
        server.script =
                request -> List.of(FakeServer.bare(request, RadiusCode.ACCESS_ACCEPT, FakeServer.SECRET, HELLO));
        assertThat(get(ask(client(MessageAuthenticator.REQUIRE)))).isInstanceOf(Answer.Unanswered.class);
        assertThat(figures.of("dropped: no message authenticator")).isEqualTo(3);
        assertThat(get(ask(client(MessageAuthenticator.ACCEPT)))).isInstanceOf(Answer.Replied.class);
    }

    @Test
    void anAnswerSignedWithAnotherSecretIsDropped() throws Exception {
        server.script =
                request -> List.of(FakeServer.bare(request, RadiusCode.ACCESS_ACCEPT, "wrong", HELLO), accept(request));
        assertThat(get(ask(client(MessageAuthenticator.ACCEPT)))).isInstanceOf(Answer.Replied.class);
        assertThat(figures.of("dropped: wrong authenticator")).isEqualTo(1);
    }

    @Test
    void anAnswerWithAWrongMessageAuthenticatorIsDropped() throws Exception {
        Attributes forged = Attributes.builder()
                .octets(RadiusAttribute.MESSAGE_AUTHENTICATOR, Bytes.of(new byte[16]))
                .addAll(HELLO)
                .build();
        server.script = request ->
                List.of(FakeServer.bare(request, RadiusCode.ACCESS_ACCEPT, FakeServer.SECRET, forged), accept(request));
        assertThat(get(ask(client(MessageAuthenticator.ACCEPT)))).isInstanceOf(Answer.Replied.class);
        assertThat(figures.of("dropped: wrong message authenticator")).isEqualTo(1);
    }

    @Test
    void anAnswerFromElsewhereIsDroppedEvenIfItIsGenuine() throws Exception {
        CompletableFuture<Answer> answer = ask(client(MessageAuthenticator.REQUIRE));
        Received request = server.take();
        try (DatagramSocket elsewhere = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            byte[] genuine = accept(request);
            elsewhere.send(
                    new DatagramPacket(genuine, genuine.length, InetAddress.getLoopbackAddress(), request.port()));
        }
        assertThat(get(answer)).isEqualTo(new Answer.Unanswered(Exchanges.SILENT));
        assertThat(figures.of("dropped: unknown source")).isEqualTo(1);
    }

    @Test
    void aDuplicateOfAnAnswerIsDropped() throws Exception {
        server.script = request -> List.of(accept(request), accept(request));
        RadiusClient client = client(MessageAuthenticator.REQUIRE);
        get(ask(client));
        get(ask(client));
        counted("dropped: late", 2);
        assertThat(figures.of("one: authentication answered")).isEqualTo(2);
    }

    @Test
    void anAnswerThatComesAfterItWasGivenUpIsDropped() throws Exception {
        assertThat(get(ask(client(MessageAuthenticator.REQUIRE)))).isEqualTo(new Answer.Unanswered(Exchanges.SILENT));
        Received request = server.take();
        server.send(accept(request), request.port());
        counted("dropped: late", 1);
        assertThat(figures.of("one: authentication answered")).isZero();
    }

    @Test
    void anAnswerToAnEarlierRequestWithTheSameIdentifierIsDropped() throws Exception {
        List<Received> first = new ArrayList<>();
        server.script = request -> {
            if (first.isEmpty()) {
                first.add(request);
            }
            boolean again = request != first.getFirst()
                    && request.identifier() == first.getFirst().identifier();
            return again ? List.of(accept(first.getFirst()), accept(request)) : List.of(accept(request));
        };
        RadiusClient client = client(MessageAuthenticator.ACCEPT);
        for (int i = 0; i <= 256; i++) {
            Answer.Replied replied = (Answer.Replied) get(ask(client));
            assertThat(replied.packet().code()).isEqualTo(RadiusCode.ACCESS_ACCEPT);
        }
        assertThat(figures.of("dropped: wrong authenticator")).isEqualTo(1);
        assertThat(figures.of("one: authentication answered")).isEqualTo(257);
    }

    @Test
    void aForgedAcknowledgementOfAccountingIsDropped() throws Exception {
        RadiusClient client = RadiusClient.start(
                FakeServer.settings(server.server("one", 1, MessageAuthenticator.REQUIRE)),
                RadiusClient.Purpose.ACCOUNTING,
                figures);
        open.add(client);
        server.script =
                request -> List.of(FakeServer.bare(request, RadiusCode.ACCOUNTING_RESPONSE, "wrong", Attributes.NONE));
        assertThat(get(client.ask(question(RadiusCode.ACCOUNTING_REQUEST))))
                .isEqualTo(new Answer.Unanswered(Exchanges.SILENT));
        assertThat(figures.of("dropped: wrong authenticator")).isEqualTo(3);
        assertThat(figures.of("one: accounting answered")).isZero();
    }

    private void counted(String what, long times) throws InterruptedException {
        for (int i = 0; i < 100 && figures.of(what) < times; i++) {
            Thread.sleep(20);
        }
        assertThat(figures.of(what)).as(what).isEqualTo(times);
    }

    @Test
    void anAnswerOfTheWrongKindIsDropped() throws Exception {
        server.script = request ->
                List.of(FakeServer.reply(request, RadiusCode.ACCOUNTING_RESPONSE, Attributes.NONE), accept(request));
        assertThat(get(ask(client(MessageAuthenticator.REQUIRE)))).isInstanceOf(Answer.Replied.class);
        assertThat(figures.of("dropped: wrong code")).isEqualTo(1);
    }

    @Test
    void garbageIsDropped() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        server.script = request -> {
            List<byte[]> replies = new ArrayList<>();
            replies.add(new byte[0]);
            replies.add(new byte[] {2});
            for (int i = 0; i < 300; i++) {
                byte[] reply = accept(request);
                byte[] cut = Arrays.copyOf(reply, random.nextInt(reply.length + 40));
                for (int flip = 0; flip < 2 && cut.length > 2; flip++) {
                    cut[2 + random.nextInt(cut.length - 2)] ^= (byte) (1 << random.nextInt(8));
                }
                if (!Arrays.equals(Arrays.copyOf(cut, reply.length), reply)) {
                    replies.add(cut);
                }
            }
            replies.add(accept(request));
            return replies;
        };
        Answer.Replied replied = (Answer.Replied) get(ask(client(MessageAuthenticator.REQUIRE)));
        assertThat(replied.packet().attributes().text(RadiusAttribute.REPLY_MESSAGE))
                .as("seed %d", seed)
                .isEqualTo("hello");
        assertThat(figures.of("dropped: malformed")).as("seed %d", seed).isPositive();
        assertThat(figures.of("one: authentication answered")).isEqualTo(1);
    }

    @Test
    void theOtherServerAnswersWhenOneIsSilent() throws Exception {
        FakeServer other = new FakeServer();
        open.add(other);
        other.script = request -> List.of(accept(request));
        RadiusClient client = RadiusClient.start(
                FakeServer.settings(
                        server.server("one", 1, MessageAuthenticator.REQUIRE),
                        other.server("two", 2, MessageAuthenticator.REQUIRE)),
                RadiusClient.Purpose.AUTHENTICATION,
                figures);
        open.add(client);
        assertThat(((Answer.Replied) get(ask(client))).server()).isEqualTo("two");
        assertThat(figures.of("one: died")).isEqualTo(1);
        long begun = System.nanoTime();
        assertThat(((Answer.Replied) get(ask(client))).server()).isEqualTo("two");
        assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.MILLISECONDS.toNanos(140));
    }

    @Test
    void moreThan256RequestsAreUnderWayAtOnce() throws Exception {
        RadiusClient client = RadiusClient.start(
                FakeServer.settings(new RadiusSettings.Server(
                        "one",
                        "127.0.0.1",
                        new Secret(FakeServer.SECRET),
                        server.port(),
                        0,
                        1,
                        1,
                        600,
                        MessageAuthenticator.REQUIRE)),
                RadiusClient.Purpose.AUTHENTICATION,
                figures);
        open.add(client);
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            answers.add(ask(client));
        }
        Set<String> requests = new HashSet<>();
        Set<Integer> ports = new HashSet<>();
        List<Received> all = new ArrayList<>();
        while (requests.size() < 600) {
            Received request = server.take();
            if (requests.add(request.port() + "/" + request.identifier())) {
                all.add(request);
                ports.add(request.port());
            }
        }
        assertThat(ports).hasSize(3);
        for (Received request : all) {
            server.send(accept(request), request.port());
        }
        for (CompletableFuture<Answer> answer : answers) {
            assertThat(get(answer)).isInstanceOf(Answer.Replied.class);
        }
    }

    @Test
    void aClosedClientAnswersThatItStops() throws Exception {
        RadiusClient client = client(MessageAuthenticator.REQUIRE);
        CompletableFuture<Answer> before = ask(client);
        client.close();
        assertThat(get(before)).isEqualTo(new Answer.Unanswered("the node stops"));
        assertThat(get(ask(client))).isEqualTo(new Answer.Unanswered("the node stops"));
    }
}
