package io.warren.wire.ipv6;

import io.warren.wire.WireException;
import io.warren.wire.WireReader;
import io.warren.wire.WireWriter;

/** @param high, low the address, big-endian */
public record Ipv6Address(long high, long low) {
    public static final Ipv6Address UNSPECIFIED = new Ipv6Address(0, 0);
    public static final Ipv6Address ALL_NODES = new Ipv6Address(0xff02L << 48, 1);
    public static final Ipv6Address ALL_ROUTERS = new Ipv6Address(0xff02L << 48, 2);

    /** All_DHCP_Relay_Agents_and_Servers (RFC 8415 §7.1). */
    public static final Ipv6Address ALL_DHCP_SERVERS = new Ipv6Address(0xff02L << 48, 0x1_0002);

    private static final long LINK_LOCAL = 0xfe80L << 48;

    /** @param identifier of the interface, 64 bits */
    public static Ipv6Address linkLocal(long identifier) {
        return new Ipv6Address(LINK_LOCAL, identifier);
    }

    public boolean isMulticast() {
        return high >>> 56 == 0xff;
    }

    public boolean isLinkLocal() {
        return high >>> 54 == LINK_LOCAL >>> 54;
    }

    /** Where neighbours ask for this address (RFC 4291 §2.7.1). */
    public Ipv6Address solicitedNode() {
        return new Ipv6Address(0xff02L << 48, 0x1_ff00_0000L | (low & 0xff_ffffL));
    }

    static Ipv6Address read(WireReader reader) throws WireException {
        return new Ipv6Address(reader.u64(), reader.u64());
    }

    void write(WireWriter writer) {
        writer.u32(high >>> 32).u32(high & 0xffff_ffffL).u32(low >>> 32).u32(low & 0xffff_ffffL);
    }
}
