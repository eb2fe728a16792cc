package io.warren.it;

import io.warren.wire.WireException;
import io.warren.wire.WireReader;
import io.warren.wire.l2tp.BadMessage;
import io.warren.wire.l2tp.ControlMessage;
import io.warren.wire.l2tp.L2tpCodec;
import io.warren.wire.l2tp.L2tpHeader;
import io.warren.wire.l2tp.TunnelSecret;
import io.warren.wire.l2tp.UnknownMessage;
import io.warren.wire.l2tp.ZeroLengthBody;
import io.warren.wire.ppp.PppFrame;
import io.warren.wire.ppp.PppProtocol;

/** Names for datagrams, by what they are: a control message's type, or a PPP packet's protocol and code. */
final class DatagramKind {
    static final String HELLO = "HELLO";

    private DatagramKind() {}

    static String of(byte[] datagram, TunnelSecret secret) {
        try {
            return L2tpHeader.isControl(datagram) ? control(datagram, secret) : data(datagram);
        } catch (WireException e) {
            return "malformed: " + e.getMessage();
        }
    }

    private static String control(byte[] datagram, TunnelSecret secret) throws WireException {
        return switch (L2tpCodec.decode(datagram, secret).body()) {
            case ZeroLengthBody _ -> "ZLB";
            case ControlMessage message -> message.type().name();
            case BadMessage bad -> "bad " + bad.type();
            case UnknownMessage unknown -> "message type " + unknown.messageType();
        };
    }

    private static String data(byte[] datagram) throws WireException {
        PppFrame frame = PppFrame.decode(L2tpCodec.decodeData(datagram).frame());
        int code = WireReader.of(frame.information().toByteArray()).u8();
        return switch (frame.protocol()) {
            case PppProtocol.IPV4 -> "IPv4 packet";
            case PppProtocol.LCP -> "LCP " + negotiation(code);
            case PppProtocol.IPCP -> "IPCP " + negotiation(code);
            case PppProtocol.CHAP -> "CHAP code " + code;
            default -> "PPP protocol " + Integer.toHexString(frame.protocol()) + " code " + code;
        };
    }

    /** RFC 1661 §5. */
    private static String negotiation(int code) {
        return switch (code) {
            case 1 -> "Configure-Request";
            case 2 -> "Configure-Ack";
            case 3 -> "Configure-Nak";
            case 4 -> "Configure-Reject";
            case 5 -> "Terminate-Request";
            case 6 -> "Terminate-Ack";
            default -> "code " + code;
        };
    }
}
