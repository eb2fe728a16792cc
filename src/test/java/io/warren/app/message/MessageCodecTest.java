package io.warren.app.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import akka.serialization.SerializationExtension;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.typesafe.config.ConfigFactory;
import io.warren.control.cluster.ClusterMessage;
import io.warren.control.port.AccessDecision;
import io.warren.control.port.AccessRequest;
import io.warren.control.port.Endpoint;
import io.warren.control.port.PeerPath;
import io.warren.control.port.SessionKey;
import io.warren.control.session.SessionCommand;
import io.warren.control.session.SessionInput;
import io.warren.control.tunnel.TunnelCommand;
import io.warren.control.tunnel.TunnelInput;
import io.warren.ppp.Credentials;
import io.warren.wire.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Every message that there is, and octets that are none. */
class MessageCodecTest {
    private static final ActorTestKit KIT = ActorTestKit.create(
            "messages",
            ConfigFactory.parseString("akka.loglevel = ERROR")
                    .withFallback(ConfigFactory.parseResources("cluster.conf"))
                    .withFallback(ConfigFactory.load()));
    private static final MessageSerializer SERIALIZER = (MessageSerializer)
            SerializationExtension.get(KIT.system()).serializerByIdentity().apply(MessageSerializer.IDENTIFIER);
    private static final MessageTypes TYPES = MessageTypes.of(MessageCodec.MESSAGES);
    private static final PeerPath PATH = new PeerPath(
            new Endpoint(Bytes.of((byte) 10, (byte) 0, (byte) 0, (byte) 1), 1701),
            new Endpoint(Bytes.of((byte) 10, (byte) 0, (byte) 0, (byte) 2), 1701));

    private final long seed = new Random().nextLong();
    private final ActorRef<Object> actor = KIT.createTestProbe().getRef();
    private final AnyMessage any = new AnyMessage(seed, actor);

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private static Object roundTrip(Object message) {
        return SERIALIZER.fromBinary(SERIALIZER.toBinary(message), SERIALIZER.manifest(message));
    }

    /** All members of all kinds of messages: also those that are added after this test was written. */
    private List<Object> examples() throws ReflectiveOperationException {
        List<Object> examples = new ArrayList<>();
        for (Class<?> root : MessageCodec.MESSAGES) {
            for (Class<?> member : TYPES.families()
                    .getOrDefault(root, Map.of(root.getName(), root))
                    .values()) {
                for (int times = 0; times < 200; times++) {
                    examples.add(any.of(member));
                }
            }
        }
        return examples;
    }

    @Test
    void everyMessageIsTheSameOnTheOtherSide() throws Exception {
        for (Object message : examples()) {
            assertThat(roundTrip(message)).as("seed %d", seed).isEqualTo(message);
        }
    }

    @Test
    void everyInputAndEveryAnswerIsTheSameOnTheOtherSide() throws Exception {
        for (Class<?> family : List.of(TunnelInput.class, SessionInput.class)) {
            for (Class<?> member :
                    TYPES.families().getOrDefault(family, Map.of()).values()) {
                for (int times = 0; times < 50; times++) {
                    Object message = any.of(member) instanceof TunnelInput input
                            ? new TunnelCommand.Decide(input)
                            : new SessionCommand.Decide((SessionInput) any.of(member));
                    assertThat(roundTrip(message)).as("seed %d", seed).isEqualTo(message);
                }
            }
        }
    }

    @Test
    void whatTheClusterSaysIsInTheList() {
        Set<Class<?>> sent = TYPES.records();
        var missing = new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("io.warren.control")
                        .stream()
                        .filter(type -> type.isAssignableTo(ClusterMessage.class) && type.isRecord())
                        .map(type -> (Class<?>) type.reflect())
                        .filter(type -> !sent.contains(type))
                        .toList();
        assertThat(missing).as("to be put into MessageCodec.MESSAGES").isEmpty();
    }

    @Test
    void whatIsInTheListIsBoundToTheSerializer() throws Exception {
        for (Class<?> root : MessageCodec.MESSAGES) {
            assertThat(SerializationExtension.get(KIT.system()).serializerFor(root))
                    .as(root.getName())
                    .isInstanceOf(MessageSerializer.class);
        }
    }

    /** A name that changes cuts off the nodes of the other version: add, never rename. */
    @Test
    void namesStay() {
        Map<String, Set<String>> names = new MessageCodec(MessageCodec.MESSAGES, nobody()).names();
        assertThat(names).containsKeys("tunnel-command", "tunnel-answer", "session-command", "session-answer");
        assertThat(names.get("tunnel-command")).contains("decide", "ask", "flush", "wake", "hand-off");
        assertThat(names.get("session-command")).contains("decide", "ask", "wake", "hand-off");
        assertThat(TYPES.families().get(TunnelInput.class).keySet())
                .contains("received", "open", "close", "place-call", "send", "handled", "data-seen", "tick", "resume");
        assertThat(TYPES.families().get(SessionInput.class).keySet())
                .contains(
                        "offered",
                        "control",
                        "frame",
                        "access-decided",
                        "address-leased",
                        "close",
                        "limit",
                        "tunnel-down",
                        "tick",
                        "resume");
        assertThat(TYPES.families().get(Credentials.class).keySet())
                .containsExactlyInAnyOrder("pap", "chap-md5", "ms-chap-v2", "eap");
    }

    @Test
    void noClassNameIsOnTheWire() throws Exception {
        for (Object message : examples()) {
            String octets = new String(SERIALIZER.toBinary(message), StandardCharsets.ISO_8859_1);
            assertThat(octets).doesNotContain("io.warren", "io/warren");
        }
    }

    @Test
    void truncatedAndFlippedOctetsAreNoMessageOrAnother() throws Exception {
        Random random = new Random(seed);
        for (Object message : examples()) {
            byte[] octets = SERIALIZER.toBinary(message);
            String manifest = SERIALIZER.manifest(message);
            fails(Arrays.copyOf(octets, random.nextInt(octets.length)), manifest);
            byte[] flipped = octets.clone();
            flipped[random.nextInt(octets.length)] ^= (byte) (1 << random.nextInt(8));
            fails(flipped, manifest);
        }
    }

    @Test
    void arbitraryOctetsAreNoMessage() {
        Random random = new Random(seed);
        for (int times = 0; times < 20_000; times++) {
            byte[] octets = new byte[random.nextInt(60)];
            random.nextBytes(octets);
            fails(octets, times % 2 == 0 ? "session-command" : "tunnel-command");
        }
        fails(new byte[] {1}, "java.lang.Runtime");
    }

    private void fails(byte[] octets, String manifest) {
        Throwable thrown = catchThrowable(() -> SERIALIZER.fromBinary(octets, manifest));
        if (thrown != null) {
            assertThat(thrown).as("seed %d", seed).isExactlyInstanceOf(MessageException.class);
        }
    }

    @Test
    void aComponentThatMustBeThereIsMissed() {
        byte[] open = SERIALIZER.toBinary(new TunnelCommand.Decide(new TunnelInput.Open(PATH)));
        String text = new String(open, StandardCharsets.ISO_8859_1).replace("path", "pest");
        assertThatThrownBy(() -> SERIALIZER.fromBinary(text.getBytes(StandardCharsets.ISO_8859_1), "tunnel-command"))
                .isInstanceOf(MessageException.class);
    }

    @Test
    void aPasswordIsNotInWhatIsLogged() {
        AccessRequest request = new AccessRequest(
                new SessionKey(1, 2),
                new Credentials.Pap("alice", Bytes.of("wonderland".getBytes(StandardCharsets.UTF_8))),
                "lac",
                PATH,
                null,
                null);
        SessionCommand command = new SessionCommand.Decide(
                new SessionInput.AccessDecided(request, new AccessDecision.Denied("wrong", false)));
        assertThat(command.toString()).doesNotContain("wonderland");
        byte[] octets = SERIALIZER.toBinary(command);
        for (int length = 0; length < octets.length; length++) {
            byte[] cut = Arrays.copyOf(octets, length);
            Throwable thrown = catchThrowable(() -> SERIALIZER.fromBinary(cut, "session-command"));
            assertThat(String.valueOf(thrown)).doesNotContain("wonder");
            assertThat(thrown).hasNoCause();
        }
    }

    private record Unsendable(Thread thread) {}

    private sealed interface Twins {
        record One(@Nullable String text) implements Twins {}

        sealed interface Others extends Twins {
            record One() implements Others {}
        }
    }

    @Test
    void whatCannotBeSentIsRefusedBeforeItIsSent() {
        assertThatThrownBy(() -> new MessageCodec(List.of(Unsendable.class), nobody()))
                .hasMessageContaining("java.lang.Thread");
        assertThatThrownBy(() -> new MessageCodec(List.of(Twins.class), nobody()))
                .hasMessageContaining("have one name");
    }

    private static MessageValues.ActorNames nobody() {
        return new MessageValues.ActorNames() {
            @Override
            public String of(ActorRef<?> one) {
                return "";
            }

            @Override
            public ActorRef<?> actor(String name) {
                throw new IllegalArgumentException();
            }
        };
    }
}
