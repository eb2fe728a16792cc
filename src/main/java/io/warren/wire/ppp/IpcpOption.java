package io.warren.wire.ppp;

import io.warren.wire.WireException;
import io.warren.wire.WireReader;
import io.warren.wire.WireWriter;

/** The Configuration Options of IPCP (RFC 1332 §3, RFC 1877 §1) that we take part in. Addresses are big-endian ints. */
public sealed interface IpcpOption {
    /** IP-Addresses, deprecated by RFC 1332 §3.1. */
    int IP_ADDRESSES = 1;

    int IP_COMPRESSION = 2;
    int IP_ADDRESS = 3;
    int PRIMARY_DNS = 129;
    int PRIMARY_NBNS = 130;
    int SECONDARY_DNS = 131;
    int SECONDARY_NBNS = 132;

    record IpAddress(int address) implements IpcpOption {}

    record PrimaryDns(int address) implements IpcpOption {}

    record SecondaryDns(int address) implements IpcpOption {}

    /** An option that we do not take part in, or one with a length that is not its own. */
    record Other(ConfigurationOption option) implements IpcpOption {}

    /** Never fails: what does not fit becomes {@link Other}. */
    static IpcpOption of(ConfigurationOption option) {
        WireReader reader = WireReader.of(option.data());
        try {
            IpcpOption typed = switch (option.type()) {
                case IP_ADDRESS -> new IpAddress((int) reader.u32());
                case PRIMARY_DNS -> new PrimaryDns((int) reader.u32());
                case SECONDARY_DNS -> new SecondaryDns((int) reader.u32());
                default -> new Other(option);
            };
            return reader.isEmpty() ? typed : new Other(option);
        } catch (WireException malformed) {
            return new Other(option);
        }
    }

    default ConfigurationOption encode() {
        return switch (this) {
            case IpAddress(int address) -> option(IP_ADDRESS, address);
            case PrimaryDns(int address) -> option(PRIMARY_DNS, address);
            case SecondaryDns(int address) -> option(SECONDARY_DNS, address);
            case Other(ConfigurationOption option) -> option;
        };
    }

    private static ConfigurationOption option(int type, int address) {
        return new ConfigurationOption(type, new WireWriter(4).u32(address).toBytes());
    }
}
