package io.warren.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.session.SessionEvent;
import io.warren.control.tunnel.TunnelEvent;
import io.warren.wire.l2tp.ResultCode;
import org.junit.jupiter.api.Test;

class EventTextTest {
    @Test
    void tellsWhoCalledFromWhere() {
        assertThat(EventText.describe(EventSamples.connected(11)))
                .isEqualTo("connected: call from +4912345 to +4967890 by lac1.example.net 10.0.0.2:1701,"
                        + " tx 100 Mbit/s, rx 10.5 Mbit/s, data numbered");
    }

    @Test
    void tellsWhoGotWhichAddress() {
        assertThat(EventText.describe(EventSamples.networkUp()))
                .isEqualTo("network up: user alice@example.net, address 10.1.2.3, MRU 1500 in, 1492 out,"
                        + " may use 10.1.2.0/24");
    }

    @Test
    void tellsLimitsInTheOperatorsUnits() {
        assertThat(EventText.describe((SessionEvent) EventSamples.all().get("limits-changed")))
                .isEqualTo("limits changed by operator: down=20M up=5M down-burst=256K packets=20k");
        assertThat(EventText.describe((SessionEvent) EventSamples.all().get("network-up-limited")))
                .endsWith("MRU 1500 in, 1492 out, limits down=20M up=5M down-burst=256K packets=20k");
    }

    @Test
    void tellsWhyACallEnded() {
        assertThat(EventText.describe(EventSamples.closed()))
                .isEqualTo("closed by peer: the caller hung up, result 2, error 4 (no address left),"
                        + " PPP disconnect cause 3 (bye); up 1000000 packets 1400000000000 octets,"
                        + " down 2000000 packets 2800000000000 octets, 7 dropped");
    }

    @Test
    void hasALineForEveryEvent() {
        EventSamples.all()
                .forEach((name, event) -> assertThat(EventText.describe(event))
                        .as(name)
                        .isNotEmpty()
                        .doesNotContain("\n")
                        .doesNotContain("Bytes[")
                        .doesNotContain("00112233445566778899aabbccddeeff"));
    }

    @Test
    void keepsThePeersTextFromWritingLinesOfItsOwn() {
        TunnelEvent closed = new TunnelEvent.TunnelClosed(
                EventSamples.AT, "peer", new ResultCode(1, null, "bye\n22:00 INFO root \u001b[31m\u202eevil"), null);
        assertThat(EventText.describe(closed)).isEqualTo("closed by peer: result 1 (bye?22:00 INFO root ?[31m?evil)");
    }

    @Test
    void shortensThePeersText() {
        SessionEvent closed = new SessionEvent.Closed(
                EventSamples.AT,
                "peer",
                "x".repeat(1000),
                null,
                null,
                EventSamples.closed().counters());
        assertThat(EventText.describe(closed)).contains("x".repeat(80) + "…").hasSizeLessThan(250);
    }
}
