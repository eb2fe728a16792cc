package io.warren.wire.l2tp;

import static io.warren.wire.l2tp.AvpType.*;

import io.warren.wire.WireException;
import io.warren.wire.WireReader;
import io.warren.wire.l2tp.ControlMessage.*;
import org.jspecify.annotations.Nullable;

/** Makes a message's record from its AVPs. What must be there has been checked by {@link ReceivedAvps}. */
final class MessageDecoder {
    private static final int MANDATORY = 0x10000;

    private MessageDecoder() {}

    static ControlBody decode(WireReader reader, @Nullable TunnelSecret secret) throws WireException {
        if (reader.isEmpty()) {
            return new ZeroLengthBody();
        }
        int first = ReceivedAvps.readMessageType(reader);
        MessageType type = MessageType.of(first & 0xffff);
        if (type == null) {
            ReceivedAvps.skipAll(reader);
            return new UnknownMessage(first & 0xffff, (first & MANDATORY) != 0);
        }
        ReceivedAvps avps = ReceivedAvps.read(reader, type, secret);
        ReceivedAvps.Fault fault = avps.fault();
        return fault == null
                ? message(type, avps)
                : new BadMessage(type, avps.assignedId(), fault.errorCode(), fault.reason());
    }

    private static ControlMessage message(MessageType type, ReceivedAvps avps) throws WireException {
        return switch (type) {
            case SCCRQ -> sccrq(avps);
            case SCCRP -> sccrp(avps);
            case SCCCN -> new Scccn(avps.octetsOrNull(CHALLENGE_RESPONSE), avps.others());
            case STOP_CCN -> new StopCcn(avps.assignedId(), resultCode(type, avps), avps.others());
            case HELLO -> new Hello(avps.others());
            case OCRQ -> ocrq(avps);
            case OCRP -> new Ocrp(avps.assignedId(), avps.u32OrNull(PHYSICAL_CHANNEL_ID), avps.others());
            case OCCN -> occn(avps);
            case ICRQ -> icrq(avps);
            case ICRP -> new Icrp(avps.assignedId(), avps.others());
            case ICCN -> iccn(avps);
            case CDN -> cdn(avps);
            case WEN -> wen(avps);
            case SLI -> sli(avps);
            case FSQ -> new Fsq(avps.sessionStates(), avps.others());
            case FSR -> new Fsr(avps.sessionStates(), avps.others());
            case CSUN -> new Csun(avps.speedUpdates(), avps.others());
            case CSURQ -> new Csurq(avps.speedUpdates(), avps.others());
        };
    }

    private static Sccrq sccrq(ReceivedAvps avps) throws WireException {
        return new Sccrq(
                avps.u16(PROTOCOL_VERSION),
                avps.value(HOST_NAME).text(),
                avps.u32(FRAMING_CAPABILITIES),
                avps.assignedId(),
                avps.u32OrNull(BEARER_CAPABILITIES),
                avps.u16OrNull(RECEIVE_WINDOW_SIZE),
                avps.octetsOrNull(CHALLENGE),
                avps.octetsOrNull(TIE_BREAKER),
                avps.u16OrNull(FIRMWARE_REVISION),
                avps.textOrNull(VENDOR_NAME),
                failoverCapability(avps),
                tunnelRecovery(avps),
                avps.others());
    }

    private static Sccrp sccrp(ReceivedAvps avps) throws WireException {
        return new Sccrp(
                avps.u16(PROTOCOL_VERSION),
                avps.value(HOST_NAME).text(),
                avps.u32(FRAMING_CAPABILITIES),
                avps.assignedId(),
                avps.u32OrNull(BEARER_CAPABILITIES),
                avps.u16OrNull(RECEIVE_WINDOW_SIZE),
                avps.octetsOrNull(CHALLENGE),
                avps.octetsOrNull(CHALLENGE_RESPONSE),
                avps.u16OrNull(FIRMWARE_REVISION),
                avps.textOrNull(VENDOR_NAME),
                failoverCapability(avps),
                suggestedSequence(avps),
                avps.others());
    }

    private static @Nullable FailoverCapability failoverCapability(ReceivedAvps avps) throws WireException {
        if (!avps.has(FAILOVER_CAPABILITY)) {
            return null;
        }
        WireReader value = avps.value(FAILOVER_CAPABILITY);
        return FailoverCapability.of(value.u16(), value.u32());
    }

    private static @Nullable TunnelRecovery tunnelRecovery(ReceivedAvps avps) throws WireException {
        if (!avps.has(TUNNEL_RECOVERY)) {
            return null;
        }
        WireReader value = avps.value(TUNNEL_RECOVERY);
        value.skip(4);
        int recoverTunnelId = value.u16();
        value.skip(2);
        return new TunnelRecovery(recoverTunnelId, value.u16());
    }

    private static @Nullable ControlSequence suggestedSequence(ReceivedAvps avps) throws WireException {
        if (!avps.has(SUGGESTED_CONTROL_SEQUENCE)) {
            return null;
        }
        WireReader value = avps.value(SUGGESTED_CONTROL_SEQUENCE);
        value.skip(2);
        return new ControlSequence(value.u16(), value.u16());
    }

    private static Ocrq ocrq(ReceivedAvps avps) throws WireException {
        return new Ocrq(
                avps.assignedId(),
                callSerialNumber(avps),
                avps.u32(MINIMUM_BPS),
                avps.u32(MAXIMUM_BPS),
                avps.u32(BEARER_TYPE),
                avps.u32(FRAMING_TYPE),
                avps.value(CALLED_NUMBER).text(),
                avps.textOrNull(SUB_ADDRESS),
                avps.others());
    }

    private static Occn occn(ReceivedAvps avps) throws WireException {
        return new Occn(
                avps.u32(TX_CONNECT_SPEED),
                avps.u32(FRAMING_TYPE),
                avps.u32OrNull(RX_CONNECT_SPEED),
                avps.has(SEQUENCING_REQUIRED),
                avps.others());
    }

    private static Icrq icrq(ReceivedAvps avps) throws WireException {
        return new Icrq(
                avps.assignedId(),
                callSerialNumber(avps),
                avps.u32OrNull(BEARER_TYPE),
                avps.u32OrNull(PHYSICAL_CHANNEL_ID),
                avps.textOrNull(CALLING_NUMBER),
                avps.textOrNull(CALLED_NUMBER),
                avps.textOrNull(SUB_ADDRESS),
                avps.accessLine(),
                avps.others());
    }

    private static Iccn iccn(ReceivedAvps avps) throws WireException {
        return new Iccn(
                avps.u32(TX_CONNECT_SPEED),
                avps.u32(FRAMING_TYPE),
                avps.octetsOrNull(INITIAL_RECEIVED_LCP_CONFREQ),
                avps.octetsOrNull(LAST_SENT_LCP_CONFREQ),
                avps.octetsOrNull(LAST_RECEIVED_LCP_CONFREQ),
                proxyAuthentication(avps),
                avps.octetsOrNull(PRIVATE_GROUP_ID),
                avps.u32OrNull(RX_CONNECT_SPEED),
                avps.has(SEQUENCING_REQUIRED),
                avps.accessLine(),
                avps.others());
    }

    private static Cdn cdn(ReceivedAvps avps) throws WireException {
        return new Cdn(
                resultCode(MessageType.CDN, avps),
                avps.assignedId(),
                avps.octetsOrNull(Q931_CAUSE_CODE),
                disconnectCause(avps),
                avps.others());
    }

    private static Wen wen(ReceivedAvps avps) throws WireException {
        WireReader errors = avps.value(CALL_ERRORS);
        errors.skip(2);
        return new Wen(
                errors.u32(), errors.u32(), errors.u32(), errors.u32(), errors.u32(), errors.u32(), avps.others());
    }

    private static Sli sli(ReceivedAvps avps) throws WireException {
        WireReader accm = avps.value(ACCM);
        accm.skip(2);
        return new Sli(accm.u32(), accm.u32(), avps.others());
    }

    /** Four octets; some clients send two. */
    private static long callSerialNumber(ReceivedAvps avps) throws WireException {
        WireReader value = avps.value(CALL_SERIAL_NUMBER);
        return value.remaining() == 2 ? value.u16() : value.u32();
    }

    /** Without a Proxy Authen Type the other AVPs mean nothing (RFC 2661 §4.4.5). */
    private static @Nullable ProxyAuthentication proxyAuthentication(ReceivedAvps avps) throws WireException {
        if (!avps.has(PROXY_AUTHEN_TYPE)) {
            return null;
        }
        Integer id = avps.u16OrNull(PROXY_AUTHEN_ID);
        return new ProxyAuthentication(
                avps.u16(PROXY_AUTHEN_TYPE),
                avps.textOrNull(PROXY_AUTHEN_NAME),
                avps.octetsOrNull(PROXY_AUTHEN_CHALLENGE),
                id == null ? null : (Integer) (id & 0xff),
                avps.octetsOrNull(PROXY_AUTHEN_RESPONSE));
    }

    private static @Nullable DisconnectCause disconnectCause(ReceivedAvps avps) throws WireException {
        if (!avps.has(PPP_DISCONNECT_CAUSE_CODE)) {
            return null;
        }
        WireReader value = avps.value(PPP_DISCONNECT_CAUSE_CODE);
        return new DisconnectCause(value.u16(), value.u16(), value.u8(), value.text());
    }

    /**
     * Apple's clients send result and error code with their octets swapped. No result code of the RFC has a zero low
     * octet, so a swapped one is recognised by its low octet being zero and its high octet a code of this message. The
     * error code alone tells nothing: with result 5 a true one is 0x0100 (RFC 2661 §4.4.2).
     */
    private static ResultCode resultCode(MessageType type, ReceivedAvps avps) throws WireException {
        WireReader value = avps.value(RESULT_CODE);
        int code = value.u16();
        Integer errorCode = value.remaining() >= 2 ? (Integer) value.u16() : null;
        String message = errorCode != null && !value.isEmpty() ? value.text() : null;
        int lastCode = type == MessageType.CDN ? 11 : 7;
        boolean swapped = (code & 0xff) == 0 && code >>> 8 >= 1 && code >>> 8 <= lastCode;
        if (!swapped) {
            return new ResultCode(code, errorCode, message);
        }
        if (errorCode != null && (errorCode & 0xff) == 0) {
            errorCode >>>= 8;
        }
        return new ResultCode(code >>> 8, errorCode, message);
    }
}
