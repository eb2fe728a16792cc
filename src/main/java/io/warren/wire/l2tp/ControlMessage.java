package io.warren.wire.l2tp;

import io.warren.wire.Bytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The control messages of RFC 2661 §6, RFC 4951 §4 and RFC 5515 §4, one record each. A null component is an absent AVP;
 * {@code others} holds the AVPs that have no component of their own. Which AVPs a message must and may hold is the
 * table in {@link MessageType}.
 */
public sealed interface ControlMessage extends ControlBody {
    /** The protocol version that RFC 2661 §4.4.3 prescribes: version 1 in the high octet, revision 0 in the low. */
    int PROTOCOL_VERSION = 0x0100;

    MessageType type();

    List<Avp> others();

    /** Start-Control-Connection-Request, §6.1. */
    record Sccrq(
            int protocolVersion,
            String hostName,
            long framingCapabilities,
            int assignedTunnelId,
            @Nullable Long bearerCapabilities,
            @Nullable Integer receiveWindowSize,
            @Nullable Bytes challenge,
            @Nullable Bytes tieBreaker,
            @Nullable Integer firmwareRevision,
            @Nullable String vendorName,
            @Nullable FailoverCapability failoverCapability,
            @Nullable TunnelRecovery tunnelRecovery,
            List<Avp> others)
            implements ControlMessage {
        @Override
        public MessageType type() {
            return MessageType.SCCRQ;
        }
    }

    /** Start-Control-Connection-Reply, §6.2. */
    record Sccrp(
            int protocolVersion,
            String hostName,
            long framingCapabilities,
            int assignedTunnelId,
            @Nullable Long bearerCapabilities,
            @Nullable Integer receiveWindowSize,
            @Nullable Bytes challenge,
            @Nullable Bytes challengeResponse,
            @Nullable Integer firmwareRevision,
            @Nullable String vendorName,
            @Nullable FailoverCapability failoverCapability,
            @Nullable ControlSequence suggestedSequence,
            List<Avp> others)
            implements ControlMessage {
        @Override
        public MessageType type() {
            return MessageType.SCCRP;
        }
    }

    /** Start-Control-Connection-Connected, §6.3. */
    record Scccn(@Nullable Bytes challengeResponse, List<Avp> others) implements ControlMessage {
        @Override
        public MessageType type() {
            return MessageType.SCCCN;
        }
    }

    /** Stop-Control-Connection-Notification, §6.4. */
    record StopCcn(int assignedTunnelId, ResultCode result, List<Avp> others) implements ControlMessage {
        @Override
        public MessageType type() {
            return MessageType.STOP_CCN;
        }
    }

    /** Hello, §6.5: a keepalive. */
    record Hello(List<Avp> others) implements ControlMessage {
        public Hello() {
            this(List.of());
        }

        @Override
        public MessageType type() {
            return MessageType.HELLO;
        }
    }

    /** Incoming-Call-Request, §6.6. */
    record Icrq(
            int assignedSessionId,
            long callSerialNumber,
            @Nullable Long bearerType,
            @Nullable Long physicalChannelId,
            @Nullable String callingNumber,
            @Nullable String calledNumber,
            @Nullable String subAddress,
            AccessLine accessLine,
            List<Avp> others)
            implements ControlMessage {
        @Override
        public MessageType type() {
            return MessageType.ICRQ;
        }
    }

    /** Incoming-Call-Reply, §6.7. */
    record Icrp(int assignedSessionId, List<Avp> others) implements ControlMessage {
        @Override
        public MessageType type() {
            return MessageType.ICRP;
        }
    }

    /** Incoming-Call-Connected, §6.8. */
    record Iccn(
            long txConnectSpeed,
            long framingType,
            @Nullable Bytes initialReceivedConfReq,
            @Nullable Bytes lastSentConfReq,
            @Nullable Bytes lastReceivedConfReq,
            @Nullable ProxyAuthentication proxyAuthentication,
            @Nullable Bytes privateGroupId,
            @Nullable Long rxConnectSpeed,
            boolean sequencingRequired,
            AccessLine accessLine,
            List<Avp> others)
            implements ControlMessage {
        @Override
        public MessageType type() {
            return MessageType.ICCN;
        }
    }

    /** Outgoing-Call-Request, §6.9. */
    record Ocrq(
            int assignedSessionId,
            long callSerialNumber,
            long minimumBps,
            long maximumBps,
            long bearerType,
            long framingType,
            String calledNumber,
            @Nullable String subAddress,
            List<Avp> others)
            implements ControlMessage {
        @Override
        public MessageType type() {
            return MessageType.OCRQ;
        }
    }

    /** Outgoing-Call-Reply, §6.10. */
    record Ocrp(int assignedSessionId, @Nullable Long physicalChannelId, List<Avp> others) implements ControlMessage {
        @Override
        public MessageType type() {
            return MessageType.OCRP;
        }
    }

    /** Outgoing-Call-Connected, §6.11. */
    record Occn(
            long txConnectSpeed,
            long framingType,
            @Nullable Long rxConnectSpeed,
            boolean sequencingRequired,
            List<Avp> others)
            implements ControlMessage {
        @Override
        public MessageType type() {
            return MessageType.OCCN;
        }
    }

    /** Call-Disconnect-Notify, §6.12. */
    record Cdn(
            ResultCode result,
            int assignedSessionId,
            @Nullable Bytes q931Cause,
            @Nullable DisconnectCause disconnectCause,
            List<Avp> others)
            implements ControlMessage {
        @Override
        public MessageType type() {
            return MessageType.CDN;
        }
    }

    /** WAN-Error-Notify, §6.13: six error counts since the call began (§4.4.6). */
    record Wen(
            long crcErrors,
            long framingErrors,
            long hardwareOverruns,
            long bufferOverruns,
            long timeOutErrors,
            long alignmentErrors,
            List<Avp> others)
            implements ControlMessage {
        @Override
        public MessageType type() {
            return MessageType.WEN;
        }
    }

    /** Set-Link-Info, §6.14: the ACCMs that were negotiated. */
    record Sli(long sendAccm, long receiveAccm, List<Avp> others) implements ControlMessage {
        @Override
        public MessageType type() {
            return MessageType.SLI;
        }
    }

    /** Failover Session Query, RFC 4951 §4.1. */
    record Fsq(List<FailoverSessionState> sessions, List<Avp> others) implements ControlMessage {
        @Override
        public MessageType type() {
            return MessageType.FSQ;
        }
    }

    /** Failover Session Response, RFC 4951 §4.2. */
    record Fsr(List<FailoverSessionState> sessions, List<Avp> others) implements ControlMessage {
        @Override
        public MessageType type() {
            return MessageType.FSR;
        }
    }

    /** Connect-Speed-Update-Notification, RFC 5515 §4.1. */
    record Csun(List<Avp> updates, List<Avp> others) implements ControlMessage {
        @Override
        public MessageType type() {
            return MessageType.CSUN;
        }
    }

    /** Connect-Speed-Update-Request, RFC 5515 §4.2. */
    record Csurq(List<Avp> requests, List<Avp> others) implements ControlMessage {
        @Override
        public MessageType type() {
            return MessageType.CSURQ;
        }
    }
}
