package io.warren.wire.ipv6;

import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.WireReader;
import io.warren.wire.WireWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message between DHCPv6 client and server (RFC 8415 §8).
 *
 * @param type one of the constants here, or another from 0 to 255
 * @param transactionId 24 bits
 */
public record Dhcpv6Message(int type, int transactionId, List<Dhcpv6Option> options) {
    public static final int SOLICIT = 1;
    public static final int ADVERTISE = 2;
    public static final int REQUEST = 3;
    public static final int CONFIRM = 4;
    public static final int RENEW = 5;
    public static final int REBIND = 6;
    public static final int REPLY = 7;
    public static final int RELEASE = 8;
    public static final int DECLINE = 9;
    public static final int INFORMATION_REQUEST = 11;

    public static final int CLIENT_PORT = 546;
    public static final int SERVER_PORT = 547;

    public Dhcpv6Message {
        options = List.copyOf(options);
    }

    public static Dhcpv6Message decode(Bytes octets) throws WireException {
        WireReader reader = WireReader.of(octets);
        int type = reader.u8();
        int transactionId = reader.u8() << 16 | reader.u16();
        return new Dhcpv6Message(type, transactionId, Dhcpv6Option.decodeAll(reader));
    }

    public Bytes encode() {
        WireWriter writer = new WireWriter().u8(type).u8(transactionId >>> 16).u16(transactionId & 0xffff);
        Dhcpv6Option.encodeAll(options, writer);
        return writer.toBytes();
    }

    /** The DUID of the client, or null. */
    public @Nullable Bytes clientId() {
        for (Dhcpv6Option option : options) {
            if (option instanceof Dhcpv6Option.ClientId(Bytes duid)) {
                return duid;
            }
        }
        return null;
    }

    /** The DUID of the server that is meant, or null. */
    public @Nullable Bytes serverId() {
        for (Dhcpv6Option option : options) {
            if (option instanceof Dhcpv6Option.ServerId(Bytes duid)) {
                return duid;
            }
        }
        return null;
    }

    public boolean hasRapidCommit() {
        return options.stream().anyMatch(Dhcpv6Option.RapidCommit.class::isInstance);
    }
}
