package io.warren.wire.ppp;

import io.warren.wire.WireException;
import io.warren.wire.WireReader;
import io.warren.wire.WireWriter;

/** The Configuration Options of IPv6CP (RFC 5072 §4) that we take part in. */
public sealed interface Ipv6cpOption {
    int INTERFACE_IDENTIFIER = 1;

    /** IPv6-Compression-Protocol (RFC 5172). */
    int IPV6_COMPRESSION = 2;

    /** @param identifier 64 bits; 0 asks the peer to suggest one */
    record InterfaceIdentifier(long identifier) implements Ipv6cpOption {}

    /** An option that we do not take part in, or one with a length that is not its own. */
    record Other(ConfigurationOption option) implements Ipv6cpOption {}

    /** Never fails: what does not fit becomes {@link Other}. */
    static Ipv6cpOption of(ConfigurationOption option) {
        if (option.type() != INTERFACE_IDENTIFIER) {
            return new Other(option);
        }
        WireReader reader = WireReader.of(option.data());
        try {
            Ipv6cpOption typed = new InterfaceIdentifier(reader.u64());
            return reader.isEmpty() ? typed : new Other(option);
        } catch (WireException malformed) {
            return new Other(option);
        }
    }

    default ConfigurationOption encode() {
        return switch (this) {
            case InterfaceIdentifier(long identifier) ->
                new ConfigurationOption(
                        INTERFACE_IDENTIFIER,
                        new WireWriter(8)
                                .u32(identifier >>> 32)
                                .u32(identifier & 0xffff_ffffL)
                                .toBytes());
            case Other(ConfigurationOption option) -> option;
        };
    }
}
