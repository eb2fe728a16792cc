package io.warren.wire.l2tp;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import java.security.SecureRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What we encode, we decode to the same value. {@code -Dwarren.seed=N} repeats a run. */
class RoundTripTest {
    private static final int CASES = 1_000;
    private final long seed = Long.getLong("warren.seed", new SecureRandom().nextLong());

    @ParameterizedTest
    @EnumSource(MessageType.class)
    void plain(MessageType type) throws WireException {
        RandomMessages messages = new RandomMessages(seed);
        for (int i = 0; i < CASES; i++) {
            ControlMessage message = messages.next(type);
            Bytes body = L2tpCodec.encodeBody(message, null);
            ControlPacket expected = new ControlPacket(1, 0xffff, 0xfffe, i, message);
            byte[] octets = L2tpCodec.frame(1, 0xffff, 0xfffe, i, body).toByteArray();
            assertThat(L2tpCodec.decode(octets, null))
                    .as("seed %d, case %d", seed, i)
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @EnumSource(MessageType.class)
    void hidden(MessageType type) throws WireException {
        RandomMessages messages = new RandomMessages(seed);
        for (int i = 0; i < CASES; i++) {
            ControlMessage message = messages.next(type);
            Hiding hiding = messages.hiding();
            Bytes body = L2tpCodec.encodeBody(message, hiding);
            assertThat(L2tpCodec.encodeBody(message, hiding)).isEqualTo(body);
            byte[] octets = L2tpCodec.frame(1, 2, 3, 4, body).toByteArray();
            assertThat(L2tpCodec.decode(octets, hiding.secret()).body())
                    .as("seed %d, case %d", seed, i)
                    .isEqualTo(message);
        }
    }

    /** Noise may by chance be of the right shape, but never harms. */
    @ParameterizedTest
    @EnumSource(MessageType.class)
    void hiddenWithAnotherSecret(MessageType type) throws WireException {
        RandomMessages messages = new RandomMessages(seed);
        TunnelSecret wrong = TunnelSecret.of("wrong");
        for (int i = 0; i < CASES; i++) {
            Bytes body = L2tpCodec.encodeBody(messages.next(type), messages.hiding());
            byte[] octets = L2tpCodec.frame(1, 2, 3, 4, body).toByteArray();
            assertThat(L2tpCodec.decode(octets, wrong).body())
                    .as("seed %d, case %d", seed, i)
                    .isInstanceOfAny(BadMessage.class, ControlMessage.class);
        }
    }
}
