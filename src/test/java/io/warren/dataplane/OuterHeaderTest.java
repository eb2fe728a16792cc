package io.warren.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OuterHeaderTest {
    private static MemorySegment inner(String hex) {
        return MemorySegment.ofArray(Samples.hex(hex + "0000 1c46 4000 4001 0000"));
    }

    @ParameterizedTest
    @CsvSource({
        // IPv4 best effort; EF; EF with ECT(0), ECT(1) and CE, which stay inside; AF41
        "4500, 00",
        "45b8, b8",
        "45ba, b8",
        "45b9, b8",
        "45bb, b8",
        "4588, 88",
        // IPv6: the Traffic Class lies across the octet's border
        "6000, 00",
        "6b80, b8",
        "6bb0, b8",
        "6fc0, fc",
        // no IP at all
        "0045, 00",
        "f5b8, 00",
    })
    void copiesTheCodepointWithoutTheCongestionBits(String start, String expected) {
        assertThat(OuterDscp.COPY.trafficClass(inner(start), 0)).isEqualTo(Integer.parseInt(expected, 16));
    }

    @Test
    void aFixedCodepointCoversAll() {
        assertThat(OuterDscp.NONE.trafficClass(inner("45b8"), 0)).isZero();
        assertThat(new OuterDscp.Fixed(46).trafficClass(inner("4500"), 0)).isEqualTo(0xb8);
        assertThat(new OuterDscp.Fixed(63).trafficClass(inner("6000"), 0)).isEqualTo(0xfc);
        assertThatThrownBy(() -> new OuterDscp.Fixed(64)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "CLEAR, 4500000000004000, false",
        "SET,   4500000000000000, true",
        "COPY,  4500000000004000, true",
        "COPY,  4500000000002000, false",
        "COPY,  60000000 04d9 0000, true",
        // 1,280 octets of IPv6 have to get through
        "SET,   60000000 04d8 0000, false",
        "SET,   60000000 04d9 0000, true",
        "COPY,  60000000 04d8 0000, false",
        "CLEAR, 60000000 04d9 0000, false",
    })
    void dontFragmentIsByPolicy(OuterDontFragment policy, String start, boolean expected) {
        assertThat(policy.isSet(MemorySegment.ofArray(Samples.hex(start)), 0)).isEqualTo(expected);
    }
}
