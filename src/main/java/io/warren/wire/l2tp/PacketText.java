package io.warren.wire.l2tp;

import io.warren.wire.Bytes;
import io.warren.wire.l2tp.ControlMessage.*;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line for people about a control packet, for the packet dump. Octet strings, among them challenges, responses and
 * passwords, are shown by their length only, and AVPs without a component by name and length. A peer's text is cut, and
 * what is not printable in it becomes a dot, so that it cannot forge a line of the log.
 */
public final class PacketText {
    private static final int LONGEST_TEXT = 64;
    private static final int MOST_OTHERS = 8;

    private final StringBuilder line = new StringBuilder(160);

    private PacketText() {}

    public static String describe(ControlPacket packet) {
        PacketText text = new PacketText();
        text.body(packet);
        return text.line.toString();
    }

    private void body(ControlPacket packet) {
        switch (packet.body()) {
            case ZeroLengthBody zlb -> header("ZLB", packet);
            case UnknownMessage unknown -> {
                header("message type " + unknown.messageType(), packet);
                line.append(unknown.mandatory() ? ", unknown, mandatory" : ", unknown");
            }
            case BadMessage bad -> {
                header(name(bad.type()), packet);
                number("bad, error code", bad.errorCode()).number("assigned id", bad.assignedId());
                text("reason", bad.reason());
            }
            case ControlMessage message -> {
                header(name(message.type()), packet);
                message(message);
                others(message.others());
            }
        }
    }

    private void header(String name, ControlPacket packet) {
        line.append(name).append(" tunnel ").append(packet.tunnelId());
        line.append(" session ").append(packet.sessionId());
        line.append(" Ns ").append(packet.ns()).append(" Nr ").append(packet.nr());
    }

    private void message(ControlMessage message) {
        switch (message) {
            case Sccrq m -> {
                host(m.hostName(), m.protocolVersion(), m.assignedTunnelId(), m.framingCapabilities());
                hostOptions(m.bearerCapabilities(), m.receiveWindowSize(), m.firmwareRevision(), m.vendorName());
                octets("challenge", m.challenge()).octets("tie breaker", m.tieBreaker());
                failover(m.failoverCapability());
                recovery(m.tunnelRecovery());
            }
            case Sccrp m -> {
                host(m.hostName(), m.protocolVersion(), m.assignedTunnelId(), m.framingCapabilities());
                hostOptions(m.bearerCapabilities(), m.receiveWindowSize(), m.firmwareRevision(), m.vendorName());
                octets("challenge", m.challenge()).octets("challenge response", m.challengeResponse());
                failover(m.failoverCapability());
                ControlSequence sequence = m.suggestedSequence();
                if (sequence != null) {
                    number("suggested Ns", sequence.ns()).number("suggested Nr", sequence.nr());
                }
            }
            case Scccn m -> octets("challenge response", m.challengeResponse());
            case StopCcn m -> result(m.result()).number("assigned tunnel id", m.assignedTunnelId());
            case Hello hello -> {}
            case Ocrq m ->
                number("assigned session id", m.assignedSessionId())
                        .number("serial", m.callSerialNumber())
                        .text("called", m.calledNumber())
                        .number("minimum bps", m.minimumBps())
                        .number("maximum bps", m.maximumBps())
                        .bits("bearer", m.bearerType())
                        .bits("framing", m.framingType())
                        .text("sub-address", m.subAddress());
            case Ocrp m ->
                number("assigned session id", m.assignedSessionId()).number("channel", m.physicalChannelId());
            case Occn m -> connected(m.txConnectSpeed(), m.rxConnectSpeed(), m.framingType(), m.sequencingRequired());
            case Icrq m -> icrq(m);
            case Icrp m -> number("assigned session id", m.assignedSessionId());
            case Iccn m -> iccn(m);
            case Cdn m -> cdn(m);
            case Wen m ->
                number("crc errors", m.crcErrors())
                        .number("framing errors", m.framingErrors())
                        .number("hardware overruns", m.hardwareOverruns())
                        .number("buffer overruns", m.bufferOverruns())
                        .number("time-outs", m.timeOutErrors())
                        .number("alignment errors", m.alignmentErrors());
            case Sli m -> bits("send ACCM", m.sendAccm()).bits("receive ACCM", m.receiveAccm());
            case Fsq m -> sessions("asked about", m.sessions());
            case Fsr m -> sessions("answered", m.sessions());
            case Csun m -> number("speed updates", m.updates().size());
            case Csurq m -> number("speed requests", m.requests().size());
        }
    }

    private void host(String hostName, int protocolVersion, int assignedTunnelId, long framingCapabilities) {
        text("host", hostName).number("assigned tunnel id", assignedTunnelId);
        line.append(", version ").append(protocolVersion >>> 8).append('.').append(protocolVersion & 0xff);
        bits("framing", framingCapabilities);
    }

    private void hostOptions(
            @Nullable Long bearerCapabilities,
            @Nullable Integer receiveWindowSize,
            @Nullable Integer firmwareRevision,
            @Nullable String vendorName) {
        bits("bearer", bearerCapabilities)
                .number("window", receiveWindowSize)
                .bits("firmware", firmwareRevision)
                .text("vendor", vendorName);
    }

    private void failover(@Nullable FailoverCapability capability) {
        if (capability != null) {
            line.append(", failover").append(capability.controlChannel() ? " control" : "");
            line.append(capability.dataChannel() ? " data" : "");
            number("recovery time ms", capability.recoveryMillis());
        }
    }

    private void recovery(@Nullable TunnelRecovery recovery) {
        if (recovery != null) {
            number("recover tunnel", recovery.recoverTunnelId());
            number("recover remote tunnel", recovery.recoverRemoteTunnelId());
        }
    }

    private void sessions(String name, List<FailoverSessionState> sessions) {
        long gone =
                sessions.stream().filter(session -> session.sessionId() == 0).count();
        number("sessions " + name, sessions.size()).number("of them gone", gone == 0 ? null : (Long) gone);
    }

    private void connected(long txSpeed, @Nullable Long rxSpeed, long framingType, boolean sequencingRequired) {
        number("tx bps", txSpeed).number("rx bps", rxSpeed).bits("framing", framingType);
        if (sequencingRequired) {
            line.append(", sequencing required");
        }
    }

    private void icrq(Icrq icrq) {
        number("assigned session id", icrq.assignedSessionId())
                .number("serial", icrq.callSerialNumber())
                .text("calling", icrq.callingNumber())
                .text("called", icrq.calledNumber())
                .text("sub-address", icrq.subAddress())
                .bits("bearer", icrq.bearerType())
                .number("channel", icrq.physicalChannelId());
        accessLine(icrq.accessLine());
    }

    private void iccn(Iccn iccn) {
        connected(iccn.txConnectSpeed(), iccn.rxConnectSpeed(), iccn.framingType(), iccn.sequencingRequired());
        octets("initial received CONFREQ", iccn.initialReceivedConfReq())
                .octets("last sent CONFREQ", iccn.lastSentConfReq())
                .octets("last received CONFREQ", iccn.lastReceivedConfReq());
        ProxyAuthentication proxy = iccn.proxyAuthentication();
        if (proxy != null) {
            number("proxy authen type", proxy.type()).text("proxy authen name", proxy.name());
        }
        octets("private group id", iccn.privateGroupId());
        accessLine(iccn.accessLine());
    }

    private void cdn(Cdn cdn) {
        result(cdn.result()).number("assigned session id", cdn.assignedSessionId());
        Bytes q931 = cdn.q931Cause();
        if (q931 != null && q931.length() >= 2) {
            number("Q.931 cause", q931.at(0) << 8 | q931.at(1));
        }
        DisconnectCause cause = cdn.disconnectCause();
        if (cause != null) {
            number("PPP disconnect code", cause.code()).text("message", cause.message());
        }
    }

    private void accessLine(AccessLine accessLine) {
        if (!accessLine.attributes().isEmpty()) {
            number("access line AVPs", accessLine.attributes().size());
        }
    }

    private PacketText result(ResultCode result) {
        return number("result", result.code())
                .number("error code", result.errorCode())
                .text("message", result.message());
    }

    private void others(List<Avp> others) {
        for (int i = 0; i < Math.min(others.size(), MOST_OTHERS); i++) {
            Avp avp = others.get(i);
            AvpType known = AvpType.of(avp.vendorId(), avp.type());
            String name = known == null ? "AVP " + avp.vendorId() + "/" + avp.type() : "AVP " + known.rfcName();
            octets(name, avp.value());
        }
        if (others.size() > MOST_OTHERS) {
            number("more AVPs", others.size() - MOST_OTHERS);
        }
    }

    private PacketText number(String name, @Nullable Number value) {
        if (value != null) {
            line.append(", ").append(name).append(' ').append(value.longValue());
        }
        return this;
    }

    private PacketText bits(String name, @Nullable Number value) {
        if (value != null) {
            line.append(", ").append(name).append(" 0x").append(Long.toHexString(value.longValue()));
        }
        return this;
    }

    private PacketText octets(String name, @Nullable Bytes value) {
        if (value != null) {
            line.append(", ").append(name).append(' ').append(value.length()).append(" octets");
        }
        return this;
    }

    private PacketText text(String name, @Nullable String value) {
        if (value == null) {
            return this;
        }
        line.append(", ").append(name).append(" \"");
        value.codePoints().limit(LONGEST_TEXT).forEach(c -> line.appendCodePoint(printable(c) ? c : '.'));
        line.append(value.codePointCount(0, value.length()) > LONGEST_TEXT ? "...\"" : "\"");
        return this;
    }

    /** Not control or format characters (they move the cursor or reorder the line), and not the quote we end with. */
    private static boolean printable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> codePoint != '"';
        };
    }

    private static String name(MessageType type) {
        return switch (type) {
            case STOP_CCN -> "StopCCN";
            case SCCRQ, SCCRP, SCCCN, HELLO, OCRQ, OCRP, OCCN, ICRQ, ICRP, ICCN, CDN, WEN, SLI, FSQ, FSR, CSUN, CSURQ ->
                type.name();
        };
    }
}
