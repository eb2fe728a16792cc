package io.warren.radius;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.config.RadiusSettings;
import io.warren.config.TestAuthority;
import io.warren.config.TlsSettings;
import io.warren.radius.FakeServer.Received;
import io.warren.radius.RadiusClient.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RadiusOverTlsTest {
    private static final String NAME = "radius.example.net";
    private static final TestAuthority LAB = new TestAuthority("lab");
    private static final TestAuthority.Issued SERVERS = LAB.issue(NAME);
    private static final Attributes HELLO =
            Attributes.builder().text(RadiusAttribute.REPLY_MESSAGE, "hello").build();
    private static final byte[] HANG_UP = new byte[0];

    private final RadiusFigures figures = new RadiusFigures();
    private final FakeTlsServer server;
    private final List<AutoCloseable> open = new ArrayList<>();

    RadiusOverTlsTest() throws Exception {
        server = new FakeTlsServer(LAB, SERVERS, false);
        open.add(server);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    private RadiusClient client(RadiusSettings.Server... servers) throws Exception {
        return client(RadiusClient.Purpose.AUTHENTICATION, servers);
    }

    private RadiusClient client(RadiusClient.Purpose purpose, RadiusSettings.Server... servers) throws Exception {
        RadiusSettings plain = FakeServer.settings(servers);
        RadiusSettings patient = new RadiusSettings(
                plain.servers(),
                plain.localUsers(),
                plain.nasIdentifier(),
                plain.nasAddress(),
                plain.sourceAddress(),
                new RadiusSettings.Retransmission(Duration.ofMillis(300), 3, Duration.ofSeconds(30)),
                plain.accounting(),
                plain.dynamicAuthorization());
        RadiusClient client = RadiusClient.start(patient, purpose, figures);
        open.add(client);
        return client;
    }

    private static CompletableFuture<Answer> ask(RadiusClient client) {
        Attributes attributes =
                Attributes.builder().text(RadiusAttribute.USER_NAME, "alice").build();
        return client.ask(new RadiusClient.Question(RadiusCode.ACCESS_REQUEST, () -> attributes, null))
                .toCompletableFuture();
    }

    private static Answer get(CompletionStage<Answer> stage) throws Exception {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static byte[] accept(Received request) {
        return FakeServer.reply(request, RadiusCode.ACCESS_ACCEPT, HELLO);
    }

    private static void assertHello(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.Replied.class);
        assertThat(((Answer.Replied) answer).packet().attributes().text(RadiusAttribute.REPLY_MESSAGE))
                .isEqualTo("hello");
    }

    private void counted(String what) throws InterruptedException {
        for (int i = 0; i < 250 && figures.of(what) == 0; i++) {
            Thread.sleep(20);
        }
        assertThat(figures.snapshot()).containsKey(what);
    }

    @Test
    void oneConnectionIsKeptForAllRequests() throws Exception {
        server.script = request -> List.of(accept(request));
        RadiusClient client = client(server.server("one", 1));
        for (int i = 0; i < 300; i++) {
            assertHello(get(ask(client)));
        }
        assertThat(server.accepted).hasValue(1);
        assertThat(figures.of("one: authentication answered")).isEqualTo(300);
    }

    @Test
    void accountingGoesTheSameWay() throws Exception {
        server.script = request -> List.of(FakeServer.reply(request, RadiusCode.ACCOUNTING_RESPONSE, Attributes.NONE));
        RadiusClient client = client(RadiusClient.Purpose.ACCOUNTING, server.server("one", 1));
        assertThat(get(client.ask(
                        new RadiusClient.Question(RadiusCode.ACCOUNTING_REQUEST, () -> Attributes.NONE, null))))
                .isInstanceOf(Answer.Replied.class);
        assertThat(figures.of("one: accounting answered")).isEqualTo(1);
    }

    @Test
    void requestsWaitSideBySideAndAnswersComeInAnyOrder() throws Exception {
        RadiusClient client = client(server.server("one", 1));
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        List<Received> requests = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            answers.add(ask(client));
        }
        for (int i = 0; i < 100; i++) {
            requests.addFirst(server.take());
        }
        for (Received request : requests) {
            server.send(accept(request), request.port());
        }
        for (CompletableFuture<Answer> answer : answers) {
            assertHello(get(answer));
        }
        assertThat(server.accepted).hasValue(1);
    }

    @Test
    void anAnswerInPiecesAndAnswersInOnePieceAreTheSame() throws Exception {
        List<Received> two = new ArrayList<>();
        server.script = request -> {
            two.add(request);
            byte[] answer = accept(request);
            if (two.size() == 1) {
                return List.of(
                        Arrays.copyOf(answer, 3),
                        Arrays.copyOfRange(answer, 3, 30),
                        Arrays.copyOfRange(answer, 30, answer.length));
            }
            if (two.size() == 2) {
                return List.of();
            }
            byte[] other = accept(two.get(1));
            byte[] both = Arrays.copyOf(other, other.length + answer.length);
            System.arraycopy(answer, 0, both, other.length, answer.length);
            return List.of(both);
        };
        RadiusClient client = client(server.server("one", 1));
        assertHello(get(ask(client)));
        CompletableFuture<Answer> second = ask(client);
        CompletableFuture<Answer> third = ask(client);
        assertHello(get(second));
        assertHello(get(third));
    }

    @Test
    void moreThan256RequestsTakeAnotherConnection() throws Exception {
        RadiusClient client = client(server.server("one", 1));
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            answers.add(ask(client));
        }
        Map<Integer, Set<Integer>> identifiers = new HashMap<>();
        List<Received> all = new ArrayList<>();
        while (all.size() < 600) {
            Received request = server.take();
            all.add(request);
            assertThat(identifiers
                            .computeIfAbsent(request.port(), _ -> new HashSet<>())
                            .add(request.identifier()))
                    .isTrue();
        }
        assertThat(identifiers).hasSize(3);
        for (Received request : all) {
            server.send(accept(request), request.port());
        }
        for (CompletableFuture<Answer> answer : answers) {
            assertHello(get(answer));
        }
    }

    @Test
    void aRequestIsNotRepeatedOnItsConnectionButGoesToTheNextServer() throws Exception {
        FakeTlsServer other = new FakeTlsServer(LAB, SERVERS, false);
        open.add(other);
        other.script = request -> List.of(accept(request));
        RadiusClient client = client(server.server("one", 1), other.server("two", 2));
        assertThat(((Answer.Replied) get(ask(client))).server()).isEqualTo("two");
        assertThat(server.received).hasSize(1);
        assertThat(figures.of("one: died")).isEqualTo(1);
        assertThat(figures.of("one: tls silent")).isEqualTo(1);
        assertThat(figures.of("repeated")).isZero();
        assertThat(((Answer.Replied) get(ask(client))).server()).isEqualTo("two");
    }

    @Test
    void aRequestGoesOnAnotherConnectionWhenItsOwnEnds() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        server.script = request -> List.of(requests.getAndIncrement() == 1 ? HANG_UP : accept(request));
        RadiusClient client = client(server.server("one", 1));
        assertHello(get(ask(client)));
        assertHello(get(ask(client)));
        assertThat(server.accepted).hasValue(2);
        assertThat(figures.of("lost with its connection")).isEqualTo(1);
        assertThat(figures.of("one: died")).isZero();
    }

    @Test
    void aConnectionThatTheServerEndsWithoutNeedIsMadeAgain() throws Exception {
        server.script = request -> List.of(accept(request));
        RadiusClient client = client(server.server("one", 1));
        assertHello(get(ask(client)));
        server.hangUp();
        counted("one: tls ended");
        assertHello(get(ask(client)));
        assertThat(figures.snapshot()).doesNotContainKeys("one: died", "one: tls closed");
    }

    @Test
    void aServerThatComesUpLaterIsFound() throws Exception {
        server.close();
        RadiusClient client = client(server.server("one", 1));
        counted("one: tls not reached");
        CompletableFuture<Answer> early = ask(client);
        assertThat(get(early)).isEqualTo(new Answer.Unanswered(Exchanges.SILENT));
        FakeTlsServer again = new FakeTlsServer(LAB, SERVERS, false, server.port());
        open.add(again);
        again.script = request -> List.of(accept(request));
        counted("one: tls connected");
        assertHello(get(ask(client)));
    }

    @Test
    void whenAServerIsNotThereTheNextIsAskedAtOnce() throws Exception {
        FakeTlsServer other = new FakeTlsServer(LAB, SERVERS, false);
        open.add(other);
        other.script = request -> List.of(accept(request));
        server.close();
        RadiusClient client = client(server.server("one", 1), other.server("two", 2));
        long begun = System.nanoTime();
        assertThat(((Answer.Replied) get(ask(client))).server()).isEqualTo("two");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofMillis(1_900));
    }

    /** The server is not asked, and what is wrong is counted by its name. */
    private void refused(RadiusSettings.Server of, String why) throws Exception {
        RadiusClient client = client(of);
        assertThat(get(ask(client))).isEqualTo(new Answer.Unanswered(Exchanges.SILENT));
        assertThat(figures.snapshot()).containsKeys("one: tls " + why, "one: died");
        assertThat(server.received).isEmpty();
    }

    @Test
    void aServerWithACertificateOfAnotherAuthorityIsNotAsked() throws Exception {
        TestAuthority other = new TestAuthority("lab");
        TlsSettings tls = new TlsSettings(server.port(), NAME, List.of(other.certificate()), null);
        refused(FakeTlsServer.server("one", 1, tls, 256), "not trusted");
    }

    @Test
    void aServerWithACertificateForAnotherNameIsNotAsked() throws Exception {
        refused(server.server("one", 1, "other.example.net", null), "wrong name");
    }

    @Test
    void aServerWithACertificateForItsNameIsAsked() throws Exception {
        server.script = request -> List.of(accept(request));
        assertHello(get(ask(client(server.server("one", 1, NAME, null)))));
    }

    @Test
    void aServerWithACertificateThatIsOverIsNotAsked() throws Exception {
        FakeTlsServer late = new FakeTlsServer(LAB, LAB.issue(NAME, Duration.ofDays(-1)), false);
        open.add(late);
        refused(late.server("one", 1), "not valid now");
    }

    @Test
    void aServerMaySpeakTheVersionBefore() throws Exception {
        server.speak("TLSv1.2");
        server.script = request -> List.of(accept(request));
        assertHello(get(ask(client(server.server("one", 1)))));
    }

    @Test
    void aServerThatSpeaksNoTlsIsNotAsked() throws Exception {
        try (ServerSocket plain = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    while (true) {
                        Socket connection = plain.accept();
                        connection.getOutputStream().write("220 welcome to another protocol\r\n".getBytes());
                    }
                } catch (IOException over) {
                    // the test is
                }
            });
            TlsSettings tls = new TlsSettings(plain.getLocalPort(), "127.0.0.1", List.of(LAB.certificate()), null);
            refused(FakeTlsServer.server("one", 1, tls, 256), "no tls");
        }
    }

    @Test
    void aServerThatDemandsACertificateGetsOurs() throws Exception {
        FakeTlsServer strict = new FakeTlsServer(LAB, SERVERS, true);
        open.add(strict);
        strict.script = request -> List.of(accept(request));
        TestAuthority.Issued ours = LAB.issue("lns.example.net");
        TlsSettings.Identity identity = new TlsSettings.Identity(
                List.of(ours.certificate()), ours.keys().getPrivate());
        assertHello(get(ask(client(strict.server("one", 1, NAME, identity)))));
    }

    @Test
    void withoutTheCertificateThatAServerDemandsWeSayThatWeAreRefused() throws Exception {
        FakeTlsServer strict = new FakeTlsServer(LAB, SERVERS, true);
        open.add(strict);
        RadiusClient client = client(strict.server("one", 1));
        counted("one: tls we are refused");
        assertThat(get(ask(client))).isEqualTo(new Answer.Unanswered(Exchanges.SILENT));
        assertThat(strict.received).isEmpty();
    }

    @Test
    void anAnswerThatFailsItsCheckEndsTheConnection() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        server.script = request -> List.of(
                requests.getAndIncrement() == 0
                        ? FakeServer.bare(request, RadiusCode.ACCESS_ACCEPT, "wrong", HELLO)
                        : accept(request));
        assertHello(get(ask(client(server.server("one", 1)))));
        assertThat(server.accepted).hasValue(2);
        assertThat(figures.of("dropped: wrong authenticator")).isEqualTo(1);
        assertThat(figures.of("one: tls wrong answer")).isEqualTo(1);
    }

    @Test
    void anAnswerWithoutTheMessageAuthenticatorThatIsDemandedEndsTheConnection() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        server.script = request -> List.of(
                requests.getAndIncrement() == 0
                        ? FakeServer.bare(request, RadiusCode.ACCESS_ACCEPT, FakeServer.SECRET, HELLO)
                        : accept(request));
        assertHello(get(ask(client(server.server("one", 1)))));
        assertThat(figures.of("dropped: no message authenticator")).isEqualTo(1);
        assertThat(server.accepted).hasValue(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {19, 4097})
    void aLengthThatNoPacketHasEndsTheConnection(int length) throws Exception {
        AtomicInteger requests = new AtomicInteger();
        server.script = request -> {
            byte[] answer = accept(request);
            if (requests.getAndIncrement() == 0) {
                answer[2] = (byte) (length >> 8);
                answer[3] = (byte) length;
            }
            return List.of(answer);
        };
        assertHello(get(ask(client(server.server("one", 1)))));
        assertThat(server.accepted).hasValue(2);
        assertThat(figures.of("one: tls malformed")).isEqualTo(1);
    }

    @Test
    void anAttributeThatDoesNotFitEndsTheConnection() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        server.script = request -> {
            byte[] answer = accept(request);
            if (requests.getAndIncrement() == 0) {
                answer[21] = 1;
            }
            return List.of(answer);
        };
        assertHello(get(ask(client(server.server("one", 1)))));
        assertThat(figures.of("dropped: malformed")).isEqualTo(1);
        assertThat(figures.of("one: tls malformed")).isEqualTo(1);
    }

    /** An identifier is not used again before: else the late answer would seem forged. */
    @Test
    void anAnswerThatNobodyWaitsForAnyMoreHurtsNobody() throws Exception {
        List<Received> ignored = new ArrayList<>();
        server.script = request -> {
            if (ignored.isEmpty()) {
                ignored.add(request);
                return List.of();
            }
            return List.of(accept(request));
        };
        RadiusClient client = client(server.server("one", 1));
        CompletableFuture<Answer> first = ask(client);
        while (!first.isDone()) {
            assertHello(get(ask(client)));
        }
        assertThat(get(first)).isEqualTo(new Answer.Unanswered(Exchanges.SILENT));
        for (int i = 0; i < 300; i++) {
            assertHello(get(ask(client)));
        }
        server.send(accept(ignored.getFirst()), ignored.getFirst().port());
        counted("dropped: late");
        assertHello(get(ask(client)));
        assertThat(server.accepted).hasValue(1);
        assertThat(figures.of("one: died")).isZero();
    }

    @Test
    void whoeverFloodsUsIsNotReadFasterThanLookedAt() throws Exception {
        server.script = request -> {
            List<byte[]> flood = new ArrayList<>();
            byte[] nobodys = accept(request);
            nobodys[1]++;
            for (int i = 0; i < 5_000; i++) {
                flood.add(nobodys);
            }
            flood.add(accept(request));
            return flood;
        };
        assertHello(get(ask(client(server.server("one", 1)))));
        assertThat(figures.of("dropped: late")).isEqualTo(5_000);
    }

    @Test
    void aClosedClientAnswersThatItStopsAndEndsItsConnection() throws Exception {
        RadiusClient client = client(server.server("one", 1));
        CompletableFuture<Answer> before = ask(client);
        server.take();
        client.close();
        assertThat(get(before)).isEqualTo(new Answer.Unanswered("the node stops"));
        for (int i = 0; i < 150 && server.connected() > 0; i++) {
            Thread.sleep(20);
        }
        assertThat(server.connected()).isZero();
    }
}
