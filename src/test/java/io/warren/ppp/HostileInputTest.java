package io.warren.ppp;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.wire.Bytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever arrives, a link neither throws nor says LinkDown twice. */
class HostileInputTest {
    @Test
    void truncatedFlippedAndInventedFramesNeverThrow() {
        long seed = Long.getLong("warren.seed", System.nanoTime());
        Random random = new Random(seed);
        List<Bytes> real = new ArrayList<>();
        for (AuthenticationMethod method : AuthenticationMethod.values()) {
            real.addAll(SimulatedLine.with(method, "clientPass", 1).bothUp().run(Duration.ofSeconds(40)).frames);
        }
        for (int round = 0; round < 150; round++) {
            AuthenticationMethod method =
                    List.of(AuthenticationMethod.values()).get(random.nextInt(AuthenticationMethod.values().length));
            SimulatedLine line =
                    SimulatedLine.with(method, "clientPass", random.nextLong()).bothUp();
            for (int i = 0; i < 200; i++) {
                line.now += random.nextLong(Duration.ofMillis(300).toNanos());
                Bytes frame = hostile(real, random);
                if (random.nextBoolean()) {
                    line.serverStep(line.server.received(frame, line.now, line.random));
                } else {
                    line.clientStep(line.client.received(frame, line.now, line.random));
                }
                if (random.nextInt(4) == 0) {
                    line.run(Duration.ofMillis(random.nextInt(500)));
                }
            }
            assertThat(SimulatedLine.only(line.serverSaid, LinkOutput.LinkDown.class))
                    .as("seed %d", seed)
                    .hasSizeLessThan(2);
            assertThat(SimulatedLine.only(line.clientSaid, LinkOutput.LinkDown.class))
                    .as("seed %d", seed)
                    .hasSizeLessThan(2);
        }
    }

    @Test
    void everyTruncationAndBitFlipOfARealCallIsSurvived() {
        SimulatedLine line = SimulatedLine.with(AuthenticationMethod.MSCHAP_V2, "clientPass", 1);
        List<PppLink> stages = new ArrayList<>();
        stages.add(line.server);
        line.bothUp();
        for (int i = 0; i < 6; i++) {
            stages.add(line.server);
            line.run(Duration.ofMillis(2));
        }
        for (Bytes frame : line.frames) {
            byte[] octets = frame.toByteArray();
            for (PppLink stage : stages) {
                for (int length = 0; length < octets.length; length++) {
                    feed(stage, Arrays.copyOf(octets, length), line);
                }
                for (int bit = 0; bit < octets.length * 8; bit++) {
                    byte[] flipped = octets.clone();
                    flipped[bit / 8] ^= (byte) (1 << (bit % 8));
                    feed(stage, flipped, line);
                }
            }
        }
    }

    @Test
    void oversizedFramesAreIgnored() {
        ScriptedPeer peer = ScriptedPeer.open();
        byte[] huge = new byte[9000];
        huge[0] = (byte) 0x80;
        huge[1] = 0x57;
        peer.send(Bytes.of(huge));
        assertThat(peer.said).isEmpty();
    }

    private static void feed(PppLink link, byte[] octets, SimulatedLine line) {
        LinkStep step = link.received(Bytes.of(octets), line.now, line.random);
        assertThat(step.outputs().size()).isLessThan(10);
    }

    private static Bytes hostile(List<Bytes> real, Random random) {
        byte[] octets = real.get(random.nextInt(real.size())).toByteArray();
        switch (random.nextInt(4)) {
            case 0 -> octets[random.nextInt(octets.length)] ^= (byte) (1 << random.nextInt(8));
            case 1 -> octets = Arrays.copyOf(octets, random.nextInt(octets.length + 20));
            case 2 -> {
                octets = new byte[random.nextInt(64)];
                random.nextBytes(octets);
            }
            default -> {} // replayed as it is
        }
        return Bytes.of(octets);
    }
}
