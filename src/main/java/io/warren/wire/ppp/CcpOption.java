package io.warren.wire.ppp;

import io.warren.wire.WireException;
import io.warren.wire.WireReader;
import io.warren.wire.WireWriter;

/** The Configuration Options of CCP (RFC 1962 §5) that we take part in. */
public sealed interface CcpOption {
    /** Microsoft PPE/PPC (RFC 3078 §2). */
    int MPPE = 18;

    /** Bit H of the Supported Bits: stateless mode. */
    long STATELESS = 0x0100_0000;

    /** @param supported the 32 Supported Bits (RFC 3078 §2.1) */
    record Mppe(long supported) implements CcpOption {}

    /** An option that we do not take part in, or one with a length that is not its own. */
    record Other(ConfigurationOption option) implements CcpOption {}

    /** Never fails: what does not fit becomes {@link Other}. */
    static CcpOption of(ConfigurationOption option) {
        if (option.type() != MPPE) {
            return new Other(option);
        }
        WireReader reader = WireReader.of(option.data());
        try {
            CcpOption typed = new Mppe(reader.u32());
            return reader.isEmpty() ? typed : new Other(option);
        } catch (WireException malformed) {
            return new Other(option);
        }
    }

    default ConfigurationOption encode() {
        return switch (this) {
            case Mppe(long supported) ->
                new ConfigurationOption(MPPE, new WireWriter(4).u32(supported).toBytes());
            case Other(ConfigurationOption option) -> option;
        };
    }
}
