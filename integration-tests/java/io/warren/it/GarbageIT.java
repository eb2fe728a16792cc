package io.warren.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever arrives on UDP 1701, the node stands, and keeps no state for it. */
@SuppressWarnings("NullAway.Init")
class GarbageIT {
    /** A SCCRQ as xl2tpd sends it: Message Type, Protocol Version, Framing and Bearer, Host Name, Tunnel ID, window. */
    private static final byte[] SCCRQ = HexFormat.of()
            .parseHex("c802004c0000000000000000" + "80080000000000018008000000020100" + "800a00000003000000038"
                    + "00a00000004000000030008000000060690" + "8009000000076c6163" + "8008000000091234800800000"
                    + "00a0004");

    @RegisterExtension
    static final Lab LAB = Lab.withNode();

    static WarrenNode node;

    @BeforeAll
    static void start() {
        node = LAB.owning(WarrenNode.start(LAB.topology(), WarrenNode.Settings.PLAIN));
    }

    @Test
    void randomBytesAreDroppedWithoutAnAnswer() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<byte[]> packets = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            byte[] packet = new byte[random.nextInt(1, 200)];
            random.nextBytes(packet);
            // Version 0: never L2TP, so that nothing here can be a valid packet by chance.
            if (packet.length > 1) {
                packet[1] &= (byte) 0xf0;
            }
            packets.add(packet);
        }
        try (Capture capture = Capture.start(LAB.topology(), "random")) {
            send(packets);
            capture.stop();
            assertThat(capture.frames("udp && ip.src == " + Topology.LNS_ADDRESS))
                    .as("answers to garbage of seed %d", seed)
                    .isEmpty();
        }
        standsWithoutTunnels();
    }

    @Test
    void truncatedRequestsMakeNoTunnel() {
        List<byte[]> packets = new ArrayList<>();
        for (int length = 0; length < SCCRQ.length; length++) {
            packets.add(java.util.Arrays.copyOf(SCCRQ, length));
        }
        send(packets);
        standsWithoutTunnels();
    }

    @Test
    void dataAndControlOfUnknownTunnelsMakeNoState() {
        byte[] hello = HexFormat.of().parseHex("c80200140bad000000010001" + "8008000000000006");
        byte[] data = HexFormat.of().parseHex("40020010" + "0badcafe" + "ff03c02101010004");
        send(List.of(hello, data, hello, data));
        standsWithoutTunnels();
    }

    /** RFC 2661 §4.4.2: a version that is not ours gets StopCCN with result 5 and ours, 1.0, as the error code. */
    @Test
    void aProtocolVersionThatIsNotOursIsRefusedWithResultFive() {
        byte[] sccrq = SCCRQ.clone();
        sccrq[26] = 3; // Protocol Version 3.0
        try (Capture capture = Capture.start(LAB.topology(), "version")) {
            send(List.of(sccrq));
            Await.pause(Duration.ofSeconds(1));
            capture.stop();
            List<String> stop = capture.field(
                    "ip.src == " + Topology.LNS_ADDRESS + " && l2tp.avp.message_type == 4", "udp.payload");
            assertThat(stop).isNotEmpty();
            assertThat(stop.getFirst())
                    .as("Result Code AVP: StopCCN 5, error code 0x0100")
                    .contains("00000001" + "0005" + "0100");
        }
        Await.until(
                "the refused tunnel is forgotten",
                Duration.ofSeconds(60),
                () -> node.tunnels().isEmpty());
    }

    /** Sends each as a datagram from lac. */
    private static void send(List<byte[]> packets) {
        try {
            Path file = LAB.topology().folder.resolve("packets.hex");
            Files.write(file, packets.stream().map(HexFormat.of()::formatHex).toList());
            LAB.topology()
                    .in(
                            "lac",
                            "bash",
                            "-c",
                            "while read -r hex; do printf \"$(sed 's/../\\\\x&/g' <<< \"$hex\")\"" + " > /dev/udp/"
                                    + Topology.LNS_ADDRESS + "/1701; done < " + file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Await.pause(Duration.ofMillis(300));
    }

    private static void standsWithoutTunnels() {
        assertThat(node.ready()).isTrue();
        assertThat(node.tunnels()).isEmpty();
    }
}
