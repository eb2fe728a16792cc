package io.warren.radius;

import io.warren.config.Ipv4;
import io.warren.config.RadiusSettings;
import io.warren.control.port.CallDetails;
import io.warren.control.port.Endpoint;
import io.warren.control.port.SessionKey;
import io.warren.wire.Bytes;
import io.warren.wire.l2tp.AvpType;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who we are to the servers, and how a call is described to them.
 *
 * @param identifier NAS-Identifier
 * @param address NAS-IP-Address; null for none
 */
record NasIdentity(String identifier, @Nullable Ipv4 address) {
    /** RFC 2865 §5.41. */
    private static final int VIRTUAL = 5;
    /** RFC 2868 §3.1. */
    private static final int L2TP = 3;
    /** RFC 2868 §3.2. */
    private static final int IPV4 = 1;

    private static final int IPV6 = 2;
    /** Which of several tunnels (RFC 2868 §3.1): there is one. */
    private static final int TAG = 1;
    /** The last attribute of RFC 4679; L2TP has one more. */
    private static final int LAST_LINE_ATTRIBUTE = 144;

    static NasIdentity of(RadiusSettings settings) {
        return new NasIdentity(settings.nasIdentifier(), settings.nasAddress());
    }

    /** Says who we are. */
    Attributes.Builder describeUs(Attributes.Builder to) {
        to.text(RadiusAttribute.NAS_IDENTIFIER, identifier);
        if (address != null) {
            to.integer(RadiusAttribute.NAS_IP_ADDRESS, address.bits());
        }
        return to;
    }

    /**
     * Says which call it is and where it comes from. A caller without a number is known by the address of its LAC: it may
     * be its own.
     */
    Attributes.Builder describe(CallDetails call, Attributes.Builder to) {
        Endpoint lac = call.path().remote();
        Endpoint lns = call.path().local();
        describeUs(to)
                .integer(RadiusAttribute.NAS_PORT, port(call.key()))
                .integer(RadiusAttribute.NAS_PORT_TYPE, VIRTUAL)
                .text(RadiusAttribute.NAS_PORT_ID, call.key().toString())
                .text(RadiusAttribute.ACCT_SESSION_ID, call.accountingId())
                .text(RadiusAttribute.CALLING_STATION_ID, stated(call.callingNumber(), lac))
                .text(RadiusAttribute.CALLED_STATION_ID, stated(call.calledNumber(), lns))
                .text(RadiusAttribute.CONNECT_INFO, speeds(call))
                .integer(RadiusAttribute.TUNNEL_TYPE, TAG << 24 | L2TP)
                .integer(
                        RadiusAttribute.TUNNEL_MEDIUM_TYPE,
                        TAG << 24 | (lac.address().length() == 4 ? IPV4 : IPV6))
                .tagged(RadiusAttribute.TUNNEL_CLIENT_ENDPOINT, TAG, lac.host())
                .tagged(RadiusAttribute.TUNNEL_SERVER_ENDPOINT, TAG, lns.host())
                .tagged(RadiusAttribute.TUNNEL_CLIENT_AUTH_ID, TAG, call.peerHostName())
                .text(RadiusAttribute.ACCT_TUNNEL_CONNECTION, Long.toUnsignedString(call.callSerialNumber()));
        describeLine(call, to);
        return to;
    }

    /** NAS-Port (RFC 2865 §5.5) of a call: our tunnel id, then our session id. */
    static long port(SessionKey key) {
        return (long) key.tunnelId() << 16 | key.sessionId();
    }

    private static String stated(@Nullable String number, Endpoint otherwise) {
        return number == null || number.isEmpty() ? otherwise.host() : number;
    }

    /** RFC 2869 §5.11 leaves the form open: bit/s from the LAC to the subscriber and, if known, back. */
    private static @Nullable String speeds(CallDetails call) {
        if (call.txConnectSpeed() == 0) {
            return null;
        }
        return call.rxConnectSpeed() == 0
                ? Long.toString(call.txConnectSpeed())
                : call.txConnectSpeed() + "/" + call.rxConnectSpeed();
    }

    /** RFC 4679 has the same numbers as RFC 5515, but rates of four octets. */
    private static void describeLine(CallDetails call, Attributes.Builder to) {
        for (Map.Entry<AvpType, Bytes> one : new TreeMap<>(call.accessLine().attributes()).entrySet()) {
            AvpType type = one.getKey();
            if (type.wireType() <= LAST_LINE_ATTRIBUTE) {
                to.vendor(type.vendorId(), type.wireType(), narrowed(one.getValue()));
            }
        }
    }

    private static Bytes narrowed(Bytes value) {
        if (value.length() != 8) {
            return value;
        }
        long wide = ByteBuffer.wrap(value.toByteArray()).getLong();
        long narrow = wide < 0 ? 0xffff_ffffL : Math.min(wide, 0xffff_ffffL);
        return Bytes.of(ByteBuffer.allocate(4).putInt((int) narrow).array());
    }
}
