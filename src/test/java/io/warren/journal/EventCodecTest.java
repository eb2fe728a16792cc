package io.warren.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.warren.control.cluster.address.BlockEvent;
import io.warren.control.cluster.address.BlockSnapshot;
import io.warren.control.cluster.address.LoanEvent;
import io.warren.control.cluster.address.LoanSnapshot;
import io.warren.control.session.SessionEvent;
import io.warren.control.tunnel.TunnelEvent;
import io.warren.control.tunnel.TunnelSnapshot;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventCodecTest {
    /** Set to a directory to write what is missing there; what is there stays as it is, for ever. */
    private static final String WRITE_GOLDEN = System.getProperty("journal.golden.write", "");

    static Stream<Map.Entry<String, Record>> samples() {
        return EventSamples.all().entrySet().stream();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void comesBackAsItWas(Map.Entry<String, Record> sample) {
        Record event = sample.getValue();
        assertThat(EventCodec.decode(EventCodec.name(event), EventCodec.encode(event)))
                .isEqualTo(event);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void isReadFromTheRowsOfTheFirstRelease(Map.Entry<String, Record> sample) throws IOException {
        String file = sample.getKey() + ".hex";
        if (!WRITE_GOLDEN.isEmpty() && !Files.exists(Path.of(WRITE_GOLDEN, file))) {
            Record event = sample.getValue();
            Files.writeString(
                    Path.of(WRITE_GOLDEN, file),
                    EventCodec.name(event) + "\n" + HexFormat.of().formatHex(EventCodec.encode(event)) + "\n");
        }
        try (InputStream in = EventCodecTest.class.getResourceAsStream("/journal/" + file)) {
            assertThat(in).as("golden row of " + sample.getKey()).isNotNull();
            List<String> lines = new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .toList();
            assertThat(EventCodec.decode(lines.get(0), HexFormat.of().parseHex(lines.get(1))))
                    .isEqualTo(sample.getValue());
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void isSmall(Map.Entry<String, Record> sample) {
        assertThat(EventCodec.encode(sample.getValue())).hasSizeLessThan(500);
    }

    @Test
    void hasANameForEveryEvent() {
        List<Class<?>> events = new ArrayList<>();
        events.add(TunnelSnapshot.class);
        events.add(BlockSnapshot.class);
        events.add(LoanSnapshot.class);
        events.addAll(Arrays.asList(BlockEvent.class.getPermittedSubclasses()));
        events.addAll(Arrays.asList(LoanEvent.class.getPermittedSubclasses()));
        events.addAll(Arrays.asList(TunnelEvent.class.getPermittedSubclasses()));
        events.addAll(Arrays.asList(SessionEvent.class.getPermittedSubclasses()));
        assertThat(EventCodec.types()).containsExactlyInAnyOrderElementsOf(events);
    }

    @Test
    void hasAGoldenRowForEveryEvent() {
        TreeSet<String> names = new TreeSet<>();
        EventSamples.all().values().forEach(event -> names.add(EventCodec.name(event)));
        assertThat(names).hasSize(EventCodec.types().size());
    }

    @Test
    void ignoresWhatANewerReleaseAdded() throws IOException {
        SessionEvent event = EventSamples.networkUp();
        CBORMapper mapper = new CBORMapper();
        ObjectNode node = (ObjectNode) mapper.readTree(EventCodec.encode(event));
        node.put("colour", "blue").putArray("shapes").add(1).addObject().put("x", 1);
        assertThat(EventCodec.decode("network-up/1", mapper.writeValueAsBytes(node)))
                .isEqualTo(event);
    }

    @Test
    void takesAbsentListsAsEmpty() throws IOException {
        CBORMapper mapper = new CBORMapper();
        ObjectNode node = (ObjectNode) mapper.readTree(EventCodec.encode(EventSamples.networkUp()));
        node.remove("permitted");
        SessionEvent.NetworkUp read =
                (SessionEvent.NetworkUp) EventCodec.decode("network-up/1", mapper.writeValueAsBytes(node));
        assertThat(read.permitted()).isEmpty();
    }

    @Test
    void saysWhatIsWrongWithAnUnknownName() {
        assertThatThrownBy(() -> EventCodec.decode("network-up/9", new byte[0]))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("network-up/9");
    }

    @Test
    void failsInOneWayOnlyForAnyOctets() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        List<Record> samples = new ArrayList<>(EventSamples.all().values());
        for (int round = 0; round < 20_000; round++) {
            Record event = samples.get(random.nextInt(samples.size()));
            byte[] octets = Arrays.copyOf(EventCodec.encode(event), random.nextInt(400));
            for (int i = 0; i < 3 && octets.length > 0; i++) {
                octets[random.nextInt(octets.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                EventCodec.decode(EventCodec.name(event), octets);
            } catch (JournalException expected) {
                assertThat(expected).hasMessageNotContaining("null");
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", " + HexFormat.of().formatHex(octets), e);
            }
        }
    }
}
