package io.warren.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.wire.Bytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class IcmpEchoTest {
    private static final int US = 0x0a400001;
    private static final int THEM = 0x0a40ff01;
    private static final IcmpEcho ECHO = new IcmpEcho(US, THEM, 0x1234);

    @Test
    void theReplyToARequestIsKnownByItsSequenceNumber() {
        assertThat(ECHO.sequenceOfReply(reply(ECHO.request(7)))).hasValue(7);
    }

    @Test
    void aRequestIsNoReply() {
        assertThat(ECHO.sequenceOfReply(ECHO.request(7))).isEmpty();
    }

    @Test
    void repliesToOthersAreNotOurs() {
        byte[] other = new IcmpEcho(US, THEM, 0x4321).request(7);
        assertThat(ECHO.sequenceOfReply(reply(other))).isEmpty();
    }

    @Test
    void noTruncationAndNoFlippedBitOfTheMessagePasses() {
        byte[] reply = reply(ECHO.request(7));
        for (int length = 0; length < reply.length; length++) {
            assertThat(ECHO.sequenceOfReply(Arrays.copyOf(reply, length))).isEmpty();
        }
        for (int bit = 20 * 8; bit < reply.length * 8; bit++) {
            byte[] damaged = reply.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(ECHO.sequenceOfReply(damaged)).as("bit %d", bit).isEmpty();
        }
    }

    @Test
    void framesAreReadWithAndWithoutCompression() {
        byte[] packet = ECHO.request(1);
        for (boolean acfc : new boolean[] {true, false}) {
            for (boolean pfc : new boolean[] {true, false}) {
                assertThat(IpFrame.packetIn(IpFrame.of(packet, acfc, pfc))).isEqualTo(packet);
            }
        }
        assertThat(IpFrame.packetIn(Bytes.ofHex("ff03c021010100040000"))).isNull();
        assertThat(IpFrame.packetIn(Bytes.ofHex("00"))).isNull();
        assertThat(IpFrame.packetIn(Bytes.EMPTY)).isNull();
    }

    @Test
    void aRunOfPingsCountsWhatCameBackAndGivesUpOnTheRest() {
        List<byte[]> wire = new ArrayList<>();
        Pinger pinger = new Pinger(ECHO, 2, 0, wire::add, _ -> {});
        long now = pinger.deadline();
        pinger.tick(now);
        assertThat(pinger.arrived(reply(wire.getFirst()), now + 1_000_000)).isTrue();
        now = pinger.deadline();
        pinger.tick(now);
        assertThat(pinger.isOver(now)).isFalse();
        now = pinger.deadline();
        assertThat(pinger.isOver(now)).isTrue();

        Duration roundTrip = Duration.ofMillis(1);
        assertThat(pinger.statistics()).isEqualTo(new PingStatistics(2, 1, roundTrip, roundTrip, roundTrip));
    }

    /** Addresses turned round, type 8 to 0, and the checksum with it (RFC 1624). */
    private static byte[] reply(byte[] request) {
        byte[] reply = request.clone();
        System.arraycopy(request, 12, reply, 16, 4);
        System.arraycopy(request, 16, reply, 12, 4);
        reply[20] = 0;
        int checksum = (reply[22] & 0xff) << 8 | reply[23] & 0xff;
        checksum += 0x0800;
        checksum = (checksum & 0xffff) + (checksum >>> 16);
        reply[22] = (byte) (checksum >>> 8);
        reply[23] = (byte) checksum;
        return reply;
    }
}
