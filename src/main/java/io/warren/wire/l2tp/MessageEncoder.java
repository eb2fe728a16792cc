package io.warren.wire.l2tp;

import static io.warren.wire.l2tp.AvpType.*;

import io.warren.wire.Bytes;
import io.warren.wire.WireWriter;
import io.warren.wire.l2tp.ControlMessage.*;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a message's record as AVPs, in the order of RFC 2661 §6. */
final class MessageEncoder {
    private static final List<AvpType> AVP_TYPES = List.of(AvpType.values());

    private MessageEncoder() {}

    static Bytes encode(ControlMessage message, @Nullable Hiding hiding) {
        AvpWriter out = new AvpWriter(message.type(), hiding);
        switch (message) {
            case Sccrq sccrq -> write(out, sccrq);
            case Sccrp sccrp -> write(out, sccrp);
            case Scccn scccn -> out.octets(CHALLENGE_RESPONSE, scccn.challengeResponse());
            case StopCcn stopCcn -> write(out, stopCcn);
            case Hello hello -> {}
            case Ocrq ocrq -> write(out, ocrq);
            case Ocrp ocrp -> write(out, ocrp);
            case Occn occn -> write(out, occn);
            case Icrq icrq -> write(out, icrq);
            case Icrp icrp -> out.u16(ASSIGNED_SESSION_ID, icrp.assignedSessionId());
            case Iccn iccn -> write(out, iccn);
            case Cdn cdn -> write(out, cdn);
            case Wen wen -> write(out, wen);
            case Sli sli -> write(out, sli);
            case Fsq fsq -> sessionStates(out, fsq.sessions());
            case Fsr fsr -> sessionStates(out, fsr.sessions());
            case Csun csun -> csun.updates().forEach(out::raw);
            case Csurq csurq -> csurq.requests().forEach(out::raw);
        }
        message.others().forEach(out::raw);
        return out.toBytes();
    }

    private static void write(AvpWriter out, Sccrq sccrq) {
        out.u16(PROTOCOL_VERSION, sccrq.protocolVersion())
                .text(HOST_NAME, sccrq.hostName())
                .u32(FRAMING_CAPABILITIES, sccrq.framingCapabilities())
                .u16(ASSIGNED_TUNNEL_ID, sccrq.assignedTunnelId())
                .u32(BEARER_CAPABILITIES, sccrq.bearerCapabilities())
                .u16(RECEIVE_WINDOW_SIZE, sccrq.receiveWindowSize())
                .octets(CHALLENGE, sccrq.challenge())
                .octets(TIE_BREAKER, sccrq.tieBreaker())
                .u16(FIRMWARE_REVISION, sccrq.firmwareRevision())
                .text(VENDOR_NAME, sccrq.vendorName());
        failoverCapability(out, sccrq.failoverCapability());
        TunnelRecovery recovery = sccrq.tunnelRecovery();
        if (recovery != null) {
            out.value(TUNNEL_RECOVERY, twoIds(recovery.recoverTunnelId(), recovery.recoverRemoteTunnelId()));
        }
    }

    private static void write(AvpWriter out, Sccrp sccrp) {
        out.u16(PROTOCOL_VERSION, sccrp.protocolVersion())
                .u32(FRAMING_CAPABILITIES, sccrp.framingCapabilities())
                .text(HOST_NAME, sccrp.hostName())
                .u16(ASSIGNED_TUNNEL_ID, sccrp.assignedTunnelId())
                .u32(BEARER_CAPABILITIES, sccrp.bearerCapabilities())
                .u16(FIRMWARE_REVISION, sccrp.firmwareRevision())
                .text(VENDOR_NAME, sccrp.vendorName())
                .u16(RECEIVE_WINDOW_SIZE, sccrp.receiveWindowSize())
                .octets(CHALLENGE, sccrp.challenge())
                .octets(CHALLENGE_RESPONSE, sccrp.challengeResponse());
        failoverCapability(out, sccrp.failoverCapability());
        ControlSequence sequence = sccrp.suggestedSequence();
        if (sequence != null) {
            byte[] value = new WireWriter(6)
                    .u16(0)
                    .u16(sequence.ns())
                    .u16(sequence.nr())
                    .toByteArray();
            out.value(SUGGESTED_CONTROL_SEQUENCE, value);
        }
    }

    private static void failoverCapability(AvpWriter out, @Nullable FailoverCapability capability) {
        if (capability != null) {
            byte[] value = new WireWriter(6)
                    .u16(capability.bits())
                    .u32(capability.recoveryMillis())
                    .toByteArray();
            out.value(FAILOVER_CAPABILITY, value);
        }
    }

    private static void sessionStates(AvpWriter out, List<FailoverSessionState> sessions) {
        for (FailoverSessionState session : sessions) {
            out.value(FAILOVER_SESSION_STATE, twoIds(session.sessionId(), session.remoteSessionId()));
        }
    }

    private static byte[] twoIds(int first, int second) {
        return new WireWriter(10).u16(0).u32(first).u32(second).toByteArray();
    }

    private static void write(AvpWriter out, StopCcn stopCcn) {
        out.u16(ASSIGNED_TUNNEL_ID, stopCcn.assignedTunnelId());
        resultCode(out, stopCcn.result());
    }

    private static void write(AvpWriter out, Ocrq ocrq) {
        out.u16(ASSIGNED_SESSION_ID, ocrq.assignedSessionId())
                .u32(CALL_SERIAL_NUMBER, ocrq.callSerialNumber())
                .u32(MINIMUM_BPS, ocrq.minimumBps())
                .u32(MAXIMUM_BPS, ocrq.maximumBps())
                .u32(BEARER_TYPE, ocrq.bearerType())
                .u32(FRAMING_TYPE, ocrq.framingType())
                .text(CALLED_NUMBER, ocrq.calledNumber())
                .text(SUB_ADDRESS, ocrq.subAddress());
    }

    private static void write(AvpWriter out, Ocrp ocrp) {
        out.u16(ASSIGNED_SESSION_ID, ocrp.assignedSessionId()).u32(PHYSICAL_CHANNEL_ID, ocrp.physicalChannelId());
    }

    private static void write(AvpWriter out, Occn occn) {
        out.u32(TX_CONNECT_SPEED, occn.txConnectSpeed())
                .u32(FRAMING_TYPE, occn.framingType())
                .u32(RX_CONNECT_SPEED, occn.rxConnectSpeed())
                .flag(SEQUENCING_REQUIRED, occn.sequencingRequired());
    }

    private static void write(AvpWriter out, Icrq icrq) {
        out.u16(ASSIGNED_SESSION_ID, icrq.assignedSessionId())
                .u32(CALL_SERIAL_NUMBER, icrq.callSerialNumber())
                .u32(BEARER_TYPE, icrq.bearerType())
                .u32(PHYSICAL_CHANNEL_ID, icrq.physicalChannelId())
                .text(CALLING_NUMBER, icrq.callingNumber())
                .text(CALLED_NUMBER, icrq.calledNumber())
                .text(SUB_ADDRESS, icrq.subAddress());
        accessLine(out, icrq.accessLine());
    }

    private static void write(AvpWriter out, Iccn iccn) {
        out.u32(TX_CONNECT_SPEED, iccn.txConnectSpeed())
                .u32(FRAMING_TYPE, iccn.framingType())
                .octets(INITIAL_RECEIVED_LCP_CONFREQ, iccn.initialReceivedConfReq())
                .octets(LAST_SENT_LCP_CONFREQ, iccn.lastSentConfReq())
                .octets(LAST_RECEIVED_LCP_CONFREQ, iccn.lastReceivedConfReq());
        ProxyAuthentication proxy = iccn.proxyAuthentication();
        if (proxy != null) {
            out.u16(PROXY_AUTHEN_TYPE, proxy.type())
                    .text(PROXY_AUTHEN_NAME, proxy.name())
                    .octets(PROXY_AUTHEN_CHALLENGE, proxy.challenge())
                    .u16(PROXY_AUTHEN_ID, proxy.id())
                    .octets(PROXY_AUTHEN_RESPONSE, proxy.response());
        }
        out.octets(PRIVATE_GROUP_ID, iccn.privateGroupId())
                .u32(RX_CONNECT_SPEED, iccn.rxConnectSpeed())
                .flag(SEQUENCING_REQUIRED, iccn.sequencingRequired());
        accessLine(out, iccn.accessLine());
    }

    private static void write(AvpWriter out, Cdn cdn) {
        resultCode(out, cdn.result());
        out.u16(ASSIGNED_SESSION_ID, cdn.assignedSessionId()).octets(Q931_CAUSE_CODE, cdn.q931Cause());
        DisconnectCause cause = cdn.disconnectCause();
        if (cause != null) {
            byte[] value = new WireWriter()
                    .u16(cause.code())
                    .u16(cause.controlProtocol())
                    .u8(cause.direction())
                    .bytes(shortened(cause.message(), LONGEST_VALUE - 5 - HiddenValue.OVERHEAD))
                    .toByteArray();
            out.value(PPP_DISCONNECT_CAUSE_CODE, value);
        }
    }

    private static void write(AvpWriter out, Wen wen) {
        byte[] value = new WireWriter(26)
                .u16(0)
                .u32(wen.crcErrors())
                .u32(wen.framingErrors())
                .u32(wen.hardwareOverruns())
                .u32(wen.bufferOverruns())
                .u32(wen.timeOutErrors())
                .u32(wen.alignmentErrors())
                .toByteArray();
        out.value(CALL_ERRORS, value);
    }

    private static void write(AvpWriter out, Sli sli) {
        out.value(
                ACCM,
                new WireWriter(10)
                        .u16(0)
                        .u32(sli.sendAccm())
                        .u32(sli.receiveAccm())
                        .toByteArray());
    }

    /** In the order of the table, so that equal messages are equal bytes. */
    private static void accessLine(AvpWriter out, AccessLine line) {
        if (!line.attributes().isEmpty()) {
            AVP_TYPES.forEach(avp -> out.octets(avp, line.attributes().get(avp)));
        }
    }

    /** A message needs an error code before it: 0 says that there is none. */
    private static void resultCode(AvpWriter out, ResultCode result) {
        WireWriter value = new WireWriter().u16(result.code());
        Integer errorCode = result.errorCode();
        String message = result.message();
        if (errorCode != null || message != null) {
            value.u16(errorCode == null ? 0 : errorCode);
        }
        if (message != null) {
            value.bytes(shortened(message, LONGEST_VALUE - 4));
        }
        out.value(RESULT_CODE, value.toByteArray());
    }

    /** As many whole characters in UTF-8 as fit: text for people must not make a message impossible to send. */
    private static byte[] shortened(String text, int longest) {
        ByteBuffer octets = ByteBuffer.allocate(longest);
        StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE)
                .encode(CharBuffer.wrap(text), octets, true);
        byte[] result = new byte[octets.position()];
        octets.flip().get(result);
        return result;
    }
}
