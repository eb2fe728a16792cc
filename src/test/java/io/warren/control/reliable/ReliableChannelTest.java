package io.warren.control.reliable;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.wire.Bytes;
import io.warren.wire.l2tp.ControlMessage.Sli;
import io.warren.wire.l2tp.ControlPacket;
import io.warren.wire.l2tp.ZeroLengthBody;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReliableChannelTest {
    private static final RetransmitPolicy POLICY = RetransmitPolicy.RECOMMENDED;
    private static final long SECOND = 1_000_000_000L;
    private static final int WINDOW = 4;
    private static final Bytes BODY = Bytes.of((byte) 1);
    private static final Bytes HELLO = Bytes.of((byte) 6);

    private ReliableChannel channel = ReliableChannel.start();
    private long now;

    @Test
    void pitfall01_zlbTakesNoNumber() {
        assertThat(receive(0, 0)).isEmpty();
        assertThat(deliver()).containsExactly(0);
        channel = channel.receive(zlb(1, 0), WINDOW, now, POLICY, false).channel();
        receive(1, 0);
        assertThat(deliver()).containsExactly(1);
    }

    @Test
    void pitfall01_zlbIsNeverAcknowledged() {
        channel = channel.receive(zlb(0, 0), WINDOW, now, POLICY, false).channel();
        assertThat(flush()).isEmpty();
    }

    @Test
    void pitfall01_zlbCarriesTheNextUnsentNumber() {
        channel = channel.withPeerWindow(1).enqueue(0, BODY).enqueue(0, BODY);
        assertThat(numbers(flush())).containsExactly(0);
        receive(0, 0);
        deliver();
        channel = channel.handled(0);
        assertThat(flush()).containsExactly(new Segment(1, 1, 0, Bytes.EMPTY));
    }

    @Test
    void renumberedItForgetsBothDirectionsAndGoesOnFromThere() {
        channel = channel.enqueue(0, BODY).enqueue(0, BODY);
        flush();
        receive(0, 0);
        deliver();
        receive(2, 0);
        channel = channel.renumbered(9_000, 65_535);
        assertThat(channel.isIdle()).isTrue();
        assertThat(flush()).isEmpty();
        assertThat(channel.deadline()).isEqualTo(Long.MAX_VALUE);
        assertThat(receive(0, 9_000)).as("the next but one").isEmpty();
        assertThat(deliver()).isEmpty();
        assertThat(receive(65_535, 9_000)).isEmpty();
        assertThat(deliver()).containsExactly(65_535, 0);
        channel = channel.enqueue(0, BODY);
        assertThat(numbers(flush())).containsExactly(9_000);
        assertThat(receive(1, 9_002)).isEqualTo("nr-never-sent");
    }

    @Test
    void patienceAddsRepetitionsAtTheCap() {
        assertThat(POLICY.withPatience(Duration.ZERO)).isEqualTo(POLICY);
        assertThat(POLICY.withPatience(Duration.ofSeconds(60)).attempts()).isEqualTo(5 + 8);
        assertThat(POLICY.withPatience(Duration.ofSeconds(64)).cycle())
                .isEqualTo(POLICY.cycle().plusSeconds(64));
        assertThat(POLICY.withPatience(Duration.ofMillis(0xffffffffL)).cycle())
                .isGreaterThanOrEqualTo(POLICY.cycle().plusMillis(0xffffffffL));
    }

    @Test
    void pitfall02_numbersAreComparedByHalfWindow() {
        channel = numberedFrom(2, 2);
        assertThat(receive(1, 2)).isEqualTo("duplicate");
        assertThat(receive(32_770 + 1, 2)).isEqualTo("duplicate");
        assertThat(receive(2 + 32_767, 2)).isEqualTo("out-of-window");
        assertThat(receive(2, 2)).isEmpty();
    }

    @Test
    void pitfall03_duplicatesAndOutOfWindowAreAcknowledged() {
        channel = numberedFrom(0, 5);
        receive(4, 0);
        assertThat(flush()).containsExactly(new Segment(0, 5, 0, Bytes.EMPTY));
        receive(5 + WINDOW, 0);
        assertThat(flush()).containsExactly(new Segment(0, 5, 0, Bytes.EMPTY));
    }

    @Test
    void pitfall03_repetitionCarriesOldNsAndCurrentNr() {
        channel = channel.enqueue(7, BODY);
        assertThat(flush()).containsExactly(new Segment(0, 0, 7, BODY));
        receive(0, 0);
        deliver();
        channel = channel.handled(0);
        now += SECOND;
        assertThat(flush()).containsExactly(new Segment(0, 1, 7, BODY));
    }

    @Test
    void pitfall04_nrOfWhatWasNeverSentIsDropped() {
        channel = channel.enqueue(0, BODY);
        assertThat(receive(0, 1)).isEqualTo("nr-never-sent");
        flush();
        assertThat(receive(0, 1)).isEmpty();
        assertThat(receive(1, 2)).isEqualTo("nr-never-sent");
    }

    @Test
    void pitfall05_messagesOutOfOrderAreQueuedInsideTheWindow() {
        receive(2, 0);
        receive(1, 0);
        assertThat(deliver()).isEmpty();
        receive(0, 0);
        assertThat(deliver()).containsExactly(0, 1, 2);
    }

    @Test
    void deliveredMessageIsNotAcknowledgedBeforeItIsHandled() {
        receive(0, 0);
        receive(1, 0);
        assertThat(deliver()).containsExactly(0, 1);
        channel = channel.handled(1);
        assertThat(flush()).isEmpty();
        assertThat(channel.nr()).isZero();
        channel = channel.handled(0);
        assertThat(flush()).containsExactly(new Segment(0, 2, 0, Bytes.EMPTY));
    }

    @Test
    void repetitionOfAnUnhandledMessageIsGivenAgainAndNotAcknowledged() {
        receive(0, 0);
        deliver();
        ReliableChannel.Receipt receipt = channel.receive(packet(0, 0), WINDOW, now, POLICY, false);
        assertThat(receipt.again()).hasSize(1);
        channel = receipt.channel();
        assertThat(flush()).isEmpty();
        assertThat(deliver()).isEmpty();
    }

    @Test
    void waitsDoubleUpToTheCapAndThePeerIsDeadAfterFullCycle() {
        channel = channel.enqueue(0, BODY);
        List<Long> sentAt = new ArrayList<>();
        boolean dead = false;
        while (!dead) {
            ReliableChannel.Transmission transmission = channel.flush(now, POLICY, false);
            dead = transmission.dead();
            channel = transmission.channel();
            if (!dead) {
                assertThat(transmission.segments()).hasSize(1);
                sentAt.add(now / SECOND);
                now = channel.deadline();
            }
        }
        assertThat(sentAt).containsExactly(0L, 1L, 3L, 7L, 15L, 23L);
        assertThat(now).isEqualTo(POLICY.cycle().toNanos());
        assertThat(POLICY.cycle()).isEqualTo(Duration.ofSeconds(31));
    }

    @Test
    void slowStartDoublesThenCongestionAvoidanceGrowsByOnePerWindow() {
        channel = ReliableChannel.start().withPeerWindow(64);
        for (int i = 0; i < 300; i++) {
            channel = channel.enqueue(0, BODY);
        }
        flush();
        now += SECOND;
        flush();
        assertThat(channel.congestionWindow()).isEqualTo(1);
        List<Integer> windows = new ArrayList<>();
        for (int ack = 1; ack <= 6; ack++) {
            receive(ack - 1, ack);
            flush();
            windows.add(channel.congestionWindow());
        }
        // The threshold is half of the window at the loss, which was 1: congestion avoidance from the start.
        assertThat(windows).containsExactly(2, 2, 3, 3, 3, 4);
    }

    @Test
    void pitfall19_toleratedHelloNeitherKillsNorBlocks() {
        channel = channel.withPeerWindow(1).enqueueHello(HELLO);
        assertThat(numbers(channel.flush(now, POLICY, true).segments())).containsExactly(0);
        channel = channel.flush(now, POLICY, true).channel().enqueue(0, BODY);
        ReliableChannel.Transmission next = channel.flush(now, POLICY, true);
        assertThat(numbers(next.segments())).containsExactly(1);
        channel = next.channel();
        receive(0, 2);
        assertThat(channel.isIdle()).isTrue();
        channel = channel.enqueueHello(HELLO);
        for (int i = 0; i < 10; i++) {
            ReliableChannel.Transmission again = channel.flush(now, POLICY, true);
            assertThat(again.dead()).isFalse();
            channel = again.channel();
            now += 8 * SECOND;
        }
        assertThat(channel.isIdle()).isTrue();
    }

    @Test
    void afterRestartThePeersNrIsBelievedUntilTheGuardIsAcknowledged() {
        channel = numberedFrom(10, 3).enqueue(0, BODY).resumed(HELLO, true, false, WINDOW);
        assertThat(numbers(flush())).containsExactly(10);
        // The peer has seen 10 and three HELLOs, 11 to 13, that the journal does not hold.
        channel = channel.receive(zlb(3, 14), WINDOW, now, POLICY, false).channel();
        assertThat(channel.isSearching()).isTrue();
        assertThat(flush()).containsExactly(new Segment(14, 3, 0, HELLO));
        channel = channel.receive(zlb(3, 15), WINDOW, now, POLICY, false).channel();
        assertThat(channel.isSearching()).isFalse();
        assertThat(channel.nextNs()).isEqualTo(15);
    }

    @Test
    void afterRestartNumbersThatTheJournalLacksAreHelloAgain() {
        channel = numberedFrom(10, 3).enqueue(0, BODY);
        channel = channel.journalled(12, 3, 10, 0, BODY).resumed(HELLO, true, false, WINDOW);
        List<Segment> sent = new ArrayList<>();
        for (int nr = 10; channel.isSearching(); nr++) {
            channel = channel.receive(zlb(3, nr), WINDOW, now, POLICY, false).channel();
            sent.addAll(flush());
        }
        assertThat(sent.stream().map(Segment::body).distinct()).containsExactly(BODY, HELLO);
        assertThat(sent.stream().filter(s -> s.ns() == 11 || s.ns() == 13).map(Segment::body))
                .containsOnly(HELLO);
    }

    @Test
    void afterRestartTheLowestNumberThatArrivesIsThePeersPosition() {
        channel = numberedFrom(10, 3).resumed(HELLO, false, false, WINDOW);
        receive(8, 10);
        receive(7, 10);
        assertThat(deliver()).isEmpty();
        assertThat(channel.deadline()).isEqualTo(ReliableChannel.settleNanos(POLICY));
        now = channel.deadline();
        assertThat(deliver()).containsExactly(7, 8);
        assertThat(channel.mayBeReplay(9)).isTrue();
        assertThat(channel.mayBeReplay(11)).isFalse();
    }

    @Test
    void afterRestartTheExpectedNumberNeedsNoWaiting() {
        channel = numberedFrom(10, 3).resumed(HELLO, false, false, WINDOW);
        receive(3, 10);
        assertThat(deliver()).containsExactly(3);
    }

    private static ReliableChannel numberedFrom(int ns, int nr) {
        return ReliableChannel.start().journalled(ns, nr, ns);
    }

    /** @return why it was dropped, or an empty text */
    private String receive(int ns, int nr) {
        ReliableChannel.Receipt receipt = channel.receive(packet(ns, nr), WINDOW, now, POLICY, false);
        channel = receipt.channel();
        String dropped = receipt.dropped();
        return dropped == null ? "" : dropped;
    }

    private List<Integer> deliver() {
        ReliableChannel.Delivery delivery = channel.deliver(now, WINDOW);
        channel = delivery.channel();
        return delivery.packets().stream().map(ControlPacket::ns).toList();
    }

    private List<Segment> flush() {
        ReliableChannel.Transmission transmission = channel.flush(now, POLICY, false);
        assertThat(transmission.dead()).isFalse();
        channel = transmission.channel();
        return transmission.segments();
    }

    private static List<Integer> numbers(List<Segment> segments) {
        return segments.stream().map(Segment::ns).toList();
    }

    private static ControlPacket packet(int ns, int nr) {
        return new ControlPacket(1, 0, ns & 0xffff, nr, new Sli(0, 0, List.of()));
    }

    private static ControlPacket zlb(int ns, int nr) {
        return new ControlPacket(1, 0, ns, nr, new ZeroLengthBody());
    }
}
