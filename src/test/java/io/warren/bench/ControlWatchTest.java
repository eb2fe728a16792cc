package io.warren.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.wire.Bytes;
import io.warren.wire.l2tp.ControlMessage;
import io.warren.wire.l2tp.L2tpCodec;
import io.warren.wire.l2tp.ResultCode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ControlWatchTest {
    private static final int TUNNELS = 2;
    private static final Bytes HELLO = L2tpCodec.encodeBody(new ControlMessage.Hello(), null);

    private final ControlWatch watch = new ControlWatch(TUNNELS);

    private static long millis(long number) {
        return Duration.ofMillis(number).toNanos();
    }

    private static byte[] datagram(int ns, int nr, Bytes body) {
        return L2tpCodec.frame(7, 0, ns, nr, body).toByteArray();
    }

    private void hello(int tunnel, int ns, long at) {
        watch.sent(tunnel, datagram(ns, 0, HELLO), millis(at));
    }

    private void acknowledge(int tunnel, int nr, long at) {
        watch.received(tunnel, datagram(0, nr, Bytes.EMPTY), millis(at));
    }

    private Answer.Control figures(long at) {
        return watch.figures(millis(at));
    }

    @Test
    void aHelloWaitsFromItsFirstTransmission() {
        hello(0, 4, 1_000);
        hello(0, 4, 1_250);
        hello(0, 4, 1_500);
        acknowledge(0, 5, 1_600);
        hello(1, 0, 2_000);
        acknowledge(1, 1, 2_003);

        Answer.Control figures = figures(3_000);
        assertThat(figures.hellos()).isEqualTo(2);
        assertThat(figures.acknowledged()).isEqualTo(2);
        assertThat(figures.gaps().count()).isEqualTo(1);
        assertThat(figures.gaps().worstMillis()).isEqualTo(600);
        assertThat(figures.gaps().worstBegan()).isEqualTo(millis(1_000));
        assertThat(figures.gaps().atEnd()).isZero();
    }

    @Test
    void oneAcknowledgementMayBeForSeveralAcrossTheEndOfTheNumbers() {
        hello(0, 0xfffe, 0);
        hello(0, 0xffff, 10);
        hello(0, 0, 20);
        acknowledge(0, 0xfffe, 30);
        assertThat(figures(40).acknowledged()).isZero();
        acknowledge(0, 0, 50);
        assertThat(figures(60).acknowledged()).isEqualTo(2);
        acknowledge(0, 1, 70);
        assertThat(figures(80).acknowledged()).isEqualTo(3);
    }

    @Test
    void whoStillWaitsIsSeen() {
        hello(1, 0, 100);
        Answer.Control figures = figures(1_100);
        assertThat(figures.gaps().atEnd()).isEqualTo(1);
        assertThat(figures.gaps().worstMillis()).isEqualTo(1_000);
    }

    @Test
    void zeroLengthBodiesAndDataWaitForNothing() {
        watch.sent(0, datagram(3, 1, Bytes.EMPTY), 0);
        watch.sent(0, new byte[] {0, 2, 0, 7, 0, 1, (byte) 0xff, 3, 0, 0x21, 0x45, 0, 0, 0}, 0);
        assertThat(figures(10_000).gaps().atEnd()).isZero();
    }

    @Test
    void whatThePeerEndsIsCounted() {
        Bytes cdn = L2tpCodec.encodeBody(new ControlMessage.Cdn(ResultCode.of(3), 9, null, null, List.of()), null);
        watch.received(0, datagram(0, 0, cdn), 0);
        watch.received(0, datagram(0, 0, cdn), 0);
        Answer.Control figures = figures(1);
        assertThat(figures.cdns()).isEqualTo(2);
        assertThat(figures.stopCcns()).isZero();
        watch.reset();
        assertThat(figures(2).cdns()).isZero();
    }

    @Test
    void anythingAtAllIsTaken() {
        for (int length = 0; length < 30; length++) {
            byte[] octets = new byte[length];
            if (length > 0) {
                octets[0] = (byte) 0xc8;
            }
            watch.received(0, octets, 0);
            watch.sent(0, octets, 0);
        }
        assertThat(figures(1).cdns()).isZero();
    }
}
