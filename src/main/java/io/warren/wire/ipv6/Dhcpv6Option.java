package io.warren.wire.ipv6;

import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.WireReader;
import io.warren.wire.WireWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The options of DHCPv6 (RFC 8415 §21, RFC 3646 §3) that we take part in. Lifetimes and times are seconds. */
public sealed interface Dhcpv6Option {
    int CLIENT_ID = 1;
    int SERVER_ID = 2;
    int IA_NA = 3;
    int IA_TA = 4;
    int IA_ADDRESS = 5;
    int STATUS_CODE = 13;
    int RAPID_COMMIT = 14;
    int DNS_SERVERS = 23;
    int IA_PD = 25;
    int IA_PREFIX = 26;

    record ClientId(Bytes duid) implements Dhcpv6Option {}

    record ServerId(Bytes duid) implements Dhcpv6Option {}

    /** A client's wish for addresses, and the answer. */
    record IaNa(long iaid, long t1, long t2, List<Dhcpv6Option> options) implements Dhcpv6Option {
        public IaNa {
            options = List.copyOf(options);
        }
    }

    /** For temporary addresses. */
    record IaTa(long iaid, List<Dhcpv6Option> options) implements Dhcpv6Option {
        public IaTa {
            options = List.copyOf(options);
        }
    }

    /** For prefixes. */
    record IaPd(long iaid, long t1, long t2, List<Dhcpv6Option> options) implements Dhcpv6Option {
        public IaPd {
            options = List.copyOf(options);
        }
    }

    record IaAddress(Ipv6Address address, long preferred, long valid, List<Dhcpv6Option> options)
            implements Dhcpv6Option {
        public IaAddress {
            options = List.copyOf(options);
        }
    }

    record IaPrefix(Ipv6Address prefix, int length, long preferred, long valid, List<Dhcpv6Option> options)
            implements Dhcpv6Option {
        public IaPrefix {
            options = List.copyOf(options);
        }
    }

    record StatusCode(int code, String message) implements Dhcpv6Option {
        public static final int SUCCESS = 0;
        public static final int NO_ADDRS_AVAIL = 2;
        public static final int NOT_ON_LINK = 4;
        public static final int NO_PREFIX_AVAIL = 6;
    }

    record RapidCommit() implements Dhcpv6Option {}

    record DnsServers(List<Ipv6Address> servers) implements Dhcpv6Option {
        public DnsServers {
            servers = List.copyOf(servers);
        }
    }

    record Other(int code, Bytes data) implements Dhcpv6Option {}

    /** Options within options go four deep at most: a client has no reason for more. */
    int DEEPEST = 4;

    static List<Dhcpv6Option> decodeAll(WireReader reader) throws WireException {
        return decodeAll(reader, 0);
    }

    private static List<Dhcpv6Option> decodeAll(WireReader reader, int depth) throws WireException {
        if (depth == DEEPEST) {
            throw reader.error("options within options within options");
        }
        List<Dhcpv6Option> options = new ArrayList<>();
        while (!reader.isEmpty()) {
            int code = reader.u16();
            options.add(decode(code, reader.slice(reader.u16()), depth));
        }
        return options;
    }

    private static Dhcpv6Option decode(int code, WireReader data, int depth) throws WireException {
        return switch (code) {
            case CLIENT_ID -> new ClientId(duid(data));
            case SERVER_ID -> new ServerId(duid(data));
            case IA_NA -> new IaNa(data.u32(), data.u32(), data.u32(), decodeAll(data, depth + 1));
            case IA_TA -> new IaTa(data.u32(), decodeAll(data, depth + 1));
            case IA_PD -> new IaPd(data.u32(), data.u32(), data.u32(), decodeAll(data, depth + 1));
            case IA_ADDRESS ->
                new IaAddress(Ipv6Address.read(data), data.u32(), data.u32(), decodeAll(data, depth + 1));
            case IA_PREFIX -> {
                long preferred = data.u32();
                long valid = data.u32();
                int length = data.u8();
                yield new IaPrefix(Ipv6Address.read(data), length, preferred, valid, decodeAll(data, depth + 1));
            }
            case STATUS_CODE -> new StatusCode(data.u16(), data.text());
            case RAPID_COMMIT -> new RapidCommit();
            case DNS_SERVERS -> {
                List<Ipv6Address> servers = new ArrayList<>();
                while (!data.isEmpty()) {
                    servers.add(Ipv6Address.read(data));
                }
                yield new DnsServers(servers);
            }
            default -> new Other(code, data.rest());
        };
    }

    /** RFC 8415 §11.1: a type and up to 128 octets. */
    private static Bytes duid(WireReader data) throws WireException {
        if (data.remaining() < 3 || data.remaining() > 130) {
            throw data.error("a DUID of " + data.remaining() + " octets");
        }
        return data.rest();
    }

    static void encodeAll(List<Dhcpv6Option> options, WireWriter writer) {
        for (Dhcpv6Option option : options) {
            int at = writer.position();
            writer.u16(0).u16(0);
            int code = option.write(writer);
            writer.patchU16(at, code);
            writer.patchU16(at + 2, writer.position() - at - 4);
        }
    }

    /** Writes the data and returns the code. */
    private int write(WireWriter writer) {
        return switch (this) {
            case ClientId(Bytes duid) -> written(CLIENT_ID, writer.bytes(duid));
            case ServerId(Bytes duid) -> written(SERVER_ID, writer.bytes(duid));
            case IaNa(long iaid, long t1, long t2, List<Dhcpv6Option> options) -> {
                encodeAll(options, writer.u32(iaid).u32(t1).u32(t2));
                yield IA_NA;
            }
            case IaTa(long iaid, List<Dhcpv6Option> options) -> {
                encodeAll(options, writer.u32(iaid));
                yield IA_TA;
            }
            case IaPd(long iaid, long t1, long t2, List<Dhcpv6Option> options) -> {
                encodeAll(options, writer.u32(iaid).u32(t1).u32(t2));
                yield IA_PD;
            }
            case IaAddress(Ipv6Address address, long preferred, long valid, List<Dhcpv6Option> options) -> {
                address.write(writer);
                encodeAll(options, writer.u32(preferred).u32(valid));
                yield IA_ADDRESS;
            }
            case IaPrefix(Ipv6Address prefix, int length, long preferred, long valid, List<Dhcpv6Option> options) -> {
                prefix.write(writer.u32(preferred).u32(valid).u8(length));
                encodeAll(options, writer);
                yield IA_PREFIX;
            }
            case StatusCode(int code, String message) ->
                written(STATUS_CODE, writer.u16(code).bytes(Bytes.of(message.getBytes(StandardCharsets.UTF_8))));
            case RapidCommit() -> RAPID_COMMIT;
            case DnsServers(List<Ipv6Address> servers) -> {
                servers.forEach(server -> server.write(writer));
                yield DNS_SERVERS;
            }
            case Other(int code, Bytes data) -> written(code, writer.bytes(data));
        };
    }

    private static int written(int code, WireWriter ignored) {
        return code;
    }
}
