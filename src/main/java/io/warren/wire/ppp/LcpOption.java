package io.warren.wire.ppp;

import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.WireReader;
import io.warren.wire.WireWriter;

/** The Configuration Options of LCP (RFC 1661 §6, RFC 1662 §7.1) that we take part in. */
public sealed interface LcpOption {
    int MRU = 1;
    int ACCM = 2;
    int AUTHENTICATION = 3;
    int MAGIC_NUMBER = 5;
    int PFC = 7;
    int ACFC = 8;

    /** Maximum-Receive-Unit, in octets. */
    record Mru(int octets) implements LcpOption {}

    /** Async-Control-Character-Map: without meaning on a link that is not asynchronous. */
    record Accm(long map) implements LcpOption {}

    /** @param data what follows the protocol; for CHAP the algorithm (RFC 1994 §3) */
    record Authentication(int protocol, Bytes data) implements LcpOption {}

    /** @param number 32 bits; 0 is not allowed, yet seen */
    record MagicNumber(long number) implements LcpOption {}

    /** Protocol-Field-Compression. */
    record Pfc() implements LcpOption {}

    /** Address-and-Control-Field-Compression. */
    record Acfc() implements LcpOption {}

    /** An option that is unknown, or known with a length that is not its own. */
    record Other(ConfigurationOption option) implements LcpOption {}

    /** Never fails: what does not fit becomes {@link Other}. */
    static LcpOption of(ConfigurationOption option) {
        WireReader reader = WireReader.of(option.data());
        try {
            LcpOption typed = switch (option.type()) {
                case MRU -> new Mru(reader.u16());
                case ACCM -> new Accm(reader.u32());
                case AUTHENTICATION -> new Authentication(reader.u16(), reader.rest());
                case MAGIC_NUMBER -> new MagicNumber(reader.u32());
                case PFC -> new Pfc();
                case ACFC -> new Acfc();
                default -> new Other(option);
            };
            return reader.isEmpty() ? typed : new Other(option);
        } catch (WireException malformed) {
            return new Other(option);
        }
    }

    default ConfigurationOption encode() {
        return switch (this) {
            case Mru(int octets) -> option(MRU, new WireWriter(2).u16(octets));
            case Accm(long map) -> option(ACCM, new WireWriter(4).u32(map));
            case Authentication(int protocol, Bytes data) ->
                option(AUTHENTICATION, new WireWriter(3).u16(protocol).bytes(data));
            case MagicNumber(long number) -> option(MAGIC_NUMBER, new WireWriter(4).u32(number));
            case Pfc() -> new ConfigurationOption(PFC, Bytes.EMPTY);
            case Acfc() -> new ConfigurationOption(ACFC, Bytes.EMPTY);
            case Other(ConfigurationOption option) -> option;
        };
    }

    private static ConfigurationOption option(int type, WireWriter data) {
        return new ConfigurationOption(type, data.toBytes());
    }
}
