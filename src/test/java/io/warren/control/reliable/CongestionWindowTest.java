package io.warren.control.reliable;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** RFC 2661 appendix A. */
class CongestionWindowTest {
    @Test
    void slowStartOpensByOneForEachAcknowledgementUpToThePeersWindow() {
        CongestionWindow window = CongestionWindow.of(3);
        assertThat(window.size()).isEqualTo(1);
        assertThat(window.grown().size()).isEqualTo(2);
        assertThat(window.grown().grown().size()).isEqualTo(3);
        assertThat(window.grown().grown().grown().grown().size()).isEqualTo(3);
    }

    @Test
    void aLossClosesItAndHalvesTheThreshold() {
        assertThat(new CongestionWindow(16, 9, 5, 16).backedOff()).isEqualTo(new CongestionWindow(16, 1, 0, 4));
        assertThat(CongestionWindow.of(16).backedOff()).isEqualTo(new CongestionWindow(16, 1, 0, 1));
    }

    @Test
    void pastTheThresholdItOpensByOneForAFullWindowOfAcknowledgements() {
        CongestionWindow window = new CongestionWindow(16, 3, 0, 3);
        assertThat(window.grown().grown().size()).isEqualTo(3);
        assertThat(window.grown().grown().grown()).isEqualTo(new CongestionWindow(16, 4, 0, 3));
    }

    @Test
    void itIsNeverMoreThanAPeersWindowThatShrinks() {
        assertThat(new CongestionWindow(16, 9, 5, 16).withPeer(4)).isEqualTo(new CongestionWindow(4, 4, 5, 4));
    }
}
