package io.warren.wire.ppp;

import io.warren.wire.WireException;
import io.warren.wire.WireReader;
import io.warren.wire.WireWriter;

/** The Configuration Options of CCP (RFC 1962 §5) that we take part in. */
public sealed interface CcpOption {
    /** Microsoft PPE/PPC (RFC 3078 §2). */
    int MPPE = 18;

    /** Deflate (RFC 1979 §3); what pppd calls "old", with number 24, is that of a draft. */
    int DEFLATE = 26;

    /** Bit H of the Supported Bits: stateless mode. */
    long STATELESS = 0x0100_0000;

    /** @param supported the 32 Supported Bits (RFC 3078 §2.1) */
    record Mppe(long supported) implements CcpOption {}

    /**
     * @param window 8 to 23: the size of what the sender of the request can look back on, as an exponent of 2
     * @param method of compression, 4 bits
     * @param check how lost packets are noticed, with the bits before it
     */
    record Deflate(int window, int method, int check) implements CcpOption {
        private static final int METHOD = 8;
        private static final int SEQUENCE_NUMBERS = 0;
        private static final int LEAST_WINDOW = 8;
        private static final int MOST_WINDOW = 15;

        public static Deflate of(int window) {
            return new Deflate(window, METHOD, SEQUENCE_NUMBERS);
        }

        /** Whether it has the one method and the one check that there are, and a window that Deflate can have. */
        public boolean isOfRfc1979() {
            return method == METHOD && check == SEQUENCE_NUMBERS && window <= MOST_WINDOW;
        }
    }

    /** An option that we do not take part in, or one with a length that is not its own. */
    record Other(ConfigurationOption option) implements CcpOption {}

    /** Never fails: what does not fit becomes {@link Other}. */
    static CcpOption of(ConfigurationOption option) {
        WireReader reader = WireReader.of(option.data());
        try {
            CcpOption typed = switch (option.type()) {
                case MPPE -> new Mppe(reader.u32());
                case DEFLATE -> deflate(reader.u8(), reader.u8());
                default -> new Other(option);
            };
            if (typed instanceof Other) {
                return typed;
            }
            return reader.isEmpty() ? typed : new Other(option);
        } catch (WireException malformed) {
            return new Other(option);
        }
    }

    private static Deflate deflate(int windowAndMethod, int check) {
        return new Deflate((windowAndMethod >>> 4) + Deflate.LEAST_WINDOW, windowAndMethod & 0x0f, check);
    }

    default ConfigurationOption encode() {
        return switch (this) {
            case Mppe(long supported) ->
                new ConfigurationOption(MPPE, new WireWriter(4).u32(supported).toBytes());
            case Deflate(int window, int method, int check) ->
                new ConfigurationOption(
                        DEFLATE,
                        new WireWriter(2)
                                .u8((window - Deflate.LEAST_WINDOW) << 4 | method)
                                .u8(check)
                                .toBytes());
            case Other(ConfigurationOption option) -> option;
        };
    }
}
