package io.warren.control.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import akka.cluster.MemberStatus;
import io.warren.control.cluster.KnownNodes.News;
import io.warren.control.port.Endpoint;
import io.warren.wire.Bytes;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which reports of other nodes count. */
class KnownNodesTest {
    private static final AddressReport SOME = new AddressReport(Map.of(0x0a4d0000, 7), Map.of());
    private final KnownNodes nodes = new KnownNodes("self:1");

    @BeforeEach
    void twoMembers() {
        nodes.member("self:1", MemberStatus.up());
        nodes.member("other:1", MemberStatus.up());
    }

    private static NodeReport report(int incarnation, int number, @Nullable AddressReport addresses) {
        return new NodeReport(
                "other:1",
                new Endpoint(Bytes.ofHex("0a610002"), 1702),
                incarnation,
                number,
                false,
                Map.of(),
                addresses,
                List.of(),
                0);
    }

    /** Else this node would be ready, and get packets, before it knows where their addresses are. */
    @Test
    void aNodeIsNotKnownBeforeItSaysWhatAddressesItHas() {
        assertThat(nodes.hear(report(1, 1, null), 0)).isEqualTo(News.NONE);
        assertThat(nodes.reports()).isEmpty();
        assertThat(nodes.staying(false, 0)).containsExactly("self:1");
        assertThat(nodes.hear(report(1, 2, SOME), 0)).isEqualTo(News.MORE);
        assertThat(nodes.staying(false, 0)).containsExactlyInAnyOrder("self:1", "other:1");
    }

    /** They cost all nodes more, the more calls there are, so they are to be told from news that cannot wait. */
    @Test
    void newAddressesAreToldFromOtherNews() {
        nodes.hear(report(1, 1, SOME), 0);
        assertThat(nodes.hear(report(1, 2, AddressReport.NONE), 0)).isEqualTo(News.ADDRESSES);
        assertThat(nodes.hear(report(1, 3, null), 0)).isEqualTo(News.SIGN_OF_LIFE);
        assertThat(nodes.hear(report(1, 4, AddressReport.NONE), 0)).isEqualTo(News.SIGN_OF_LIFE);
        assertThat(nodes.hear(report(2, 1, AddressReport.NONE), 0)).isEqualTo(News.MORE);
    }

    @Test
    void whatAReportLeavesOutIsAsItWas() {
        nodes.hear(report(1, 1, SOME), 0);
        nodes.hear(report(1, 2, null), 0);
        assertThat(nodes.reports())
                .singleElement()
                .extracting(NodeReport::addresses)
                .isEqualTo(SOME);
    }

    @Test
    void aNodeThatStartedAgainHasNoAddressesUntilItSaysSo() {
        nodes.hear(report(1, 1, SOME), 0);
        nodes.hear(report(2, 1, null), 0);
        assertThat(nodes.reports())
                .singleElement()
                .extracting(NodeReport::addresses)
                .isEqualTo(AddressReport.NONE);
        assertThat(nodes.gone()).hasSize(1);
    }

    @Test
    void oldReportsAndThoseOfStrangersDoNotCount() {
        nodes.hear(report(1, 2, SOME), 0);
        assertThat(nodes.hear(report(1, 1, AddressReport.NONE), 0)).isEqualTo(News.NONE);
        nodes.member("other:1", null);
        assertThat(nodes.hear(report(1, 3, SOME), 0)).isEqualTo(News.NONE);
    }
}
