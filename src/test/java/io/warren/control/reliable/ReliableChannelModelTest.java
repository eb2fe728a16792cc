package io.warren.control.reliable;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.wire.Bytes;
import io.warren.wire.l2tp.ControlMessage.Sli;
import io.warren.wire.l2tp.ControlPacket;
import io.warren.wire.l2tp.ZeroLengthBody;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;

/** Two channels over a link that loses, repeats, delays and re-orders, under a virtual clock. */
class ReliableChannelModelTest {
    private static final int MESSAGES = 400;
    private static final RetransmitPolicy POLICY =
            new RetransmitPolicy(Duration.ofSeconds(1), Duration.ofSeconds(8), 40);

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private final PriorityQueue<Due> agenda =
            new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingInt(Due::order));
    private long now = -5_000_000_000L;
    private int order;

    private record Due(long at, int order, Runnable action) {}

    @RepeatedTest(20)
    void everythingArrivesOnceAndInOrder() {
        int firstA = 65_536 - 1 - random.nextInt(MESSAGES - 1);
        int firstB = 65_536 - 1 - random.nextInt(MESSAGES - 1);
        int windowA = 1 + random.nextInt(16);
        int windowB = 1 + random.nextInt(16);
        End a = new End(firstA, firstB, windowA, windowB);
        End b = new End(firstB, firstA, windowB, windowA);
        a.other = b;
        b.other = a;
        for (int i = 0; i < MESSAGES; i++) {
            int number = i;
            long at = now + random.nextLong(60_000_000_000L);
            schedule(at, () -> a.say(number));
            schedule(at, () -> b.say(number));
        }
        for (int steps = 0; !agenda.isEmpty() && steps < 2_000_000; steps++) {
            Due due = agenda.remove();
            now = Math.max(now, due.at());
            due.action().run();
        }
        for (End end : List.of(a, b)) {
            assertThat(end.heard).as("seed %d", seed).isEqualTo(end.other.said);
            assertThat(end.channel.isIdle()).as("seed %d", seed).isTrue();
            assertThat(end.channel.nextNs()).as("crossed 65,535, seed %d", seed).isLessThan(MESSAGES);
        }
    }

    private void schedule(long at, Runnable action) {
        agenda.add(new Due(at, order++, action));
    }

    private static ReliableChannel numbered(int ns, int nr, int peerWindow) {
        ReliableChannel channel = ReliableChannel.start().withPeerWindow(peerWindow);
        for (int share = 1; share <= 4; share++) {
            channel = channel.journalled(ns * share / 4, nr * share / 4, ns * share / 4);
        }
        assertThat(channel.nextNs()).isEqualTo(ns);
        assertThat(channel.nr()).isEqualTo(nr);
        return channel;
    }

    private final class End {
        private final int window;
        private final int peerWindow;
        private final List<Integer> said = new ArrayList<>();
        private final List<Integer> heard = new ArrayList<>();
        private final Map<Integer, List<Long>> sentAt = new HashMap<>();
        private ReliableChannel channel;
        private End other = this;

        End(int ns, int nr, int window, int peerWindow) {
            this.window = window;
            this.peerWindow = peerWindow;
            this.channel = numbered(ns, nr, peerWindow);
        }

        void say(int number) {
            said.add(number);
            channel = channel.enqueue(
                    0, Bytes.of(ByteBuffer.allocate(4).putInt(number).array()));
            flush(false);
        }

        void take(ControlPacket packet) {
            channel = channel.receive(packet, window, now, POLICY, false).channel();
            ReliableChannel.Delivery delivery = channel.deliver(now, window);
            channel = delivery.channel();
            for (ControlPacket delivered : delivery.packets()) {
                heard.add((int) ((Sli) delivered.body()).sendAccm());
                long later = random.nextInt(3) == 0 ? random.nextLong(400_000_000L) : 0;
                schedule(now + later, () -> confirm(delivered.ns()));
            }
            flush(packet.body() instanceof ZeroLengthBody);
        }

        void confirm(int ns) {
            channel = channel.handled(ns);
            flush(false);
        }

        void flush(boolean afterZlb) {
            ReliableChannel.Transmission transmission = channel.flush(now, POLICY, false);
            assertThat(transmission.dead()).as("seed %d", seed).isFalse();
            channel = transmission.channel();
            boolean first = false;
            for (Segment segment : transmission.segments()) {
                if (segment.isAcknowledgementOnly()) {
                    assertThat(afterZlb)
                            .as("a ZLB answers a ZLB, seed %d", seed)
                            .isFalse();
                } else {
                    first |= !sentAt.containsKey(segment.ns());
                    checkWait(segment.ns());
                }
                transmit(segment);
            }
            if (first) {
                assertThat(channel.inFlight())
                        .as("seed %d", seed)
                        .isLessThanOrEqualTo(Math.min(channel.congestionWindow(), peerWindow));
            }
            long deadline = channel.deadline();
            if (deadline != Long.MAX_VALUE) {
                schedule(deadline, () -> {
                    if (channel.deadline() <= now) {
                        flush(false);
                    }
                });
            }
        }

        private void checkWait(int ns) {
            List<Long> times = sentAt.computeIfAbsent(ns, _ -> new ArrayList<>());
            if (!times.isEmpty()) {
                assertThat(now - times.getLast())
                        .as("repetition %d of %d, seed %d", times.size(), ns, seed)
                        .isGreaterThanOrEqualTo(Math.min(1L << Math.min(times.size() - 1, 10), 8) * 1_000_000_000L);
            }
            times.add(now);
        }

        private void transmit(Segment segment) {
            ControlPacket packet = new ControlPacket(
                    1,
                    0,
                    segment.ns(),
                    segment.nr(),
                    segment.isAcknowledgementOnly()
                            ? new ZeroLengthBody()
                            : new Sli(
                                    ByteBuffer.wrap(segment.body().toByteArray())
                                            .getInt(),
                                    0,
                                    List.of()));
            int copies = random.nextInt(5) == 0 ? 0 : random.nextInt(8) == 0 ? 2 : 1;
            for (int i = 0; i < copies; i++) {
                schedule(now + 5_000_000L + random.nextLong(300_000_000L), () -> other.take(packet));
            }
        }
    }
}
