package io.warren.wire.ppp;

import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.WireReader;
import io.warren.wire.WireWriter;
import java.util.List;

/**
 * The packets of a control protocol (RFC 1661 §5, RFC 1570 §2). Codes 1 to 7 are shared by all of them, 8 to 13 are
 * LCP's own. {@code id} is 0 to 255, a magic number 32 bits.
 */
public sealed interface ControlPacket {
    int CONFIGURE_REQUEST = 1;
    int CONFIGURE_ACK = 2;
    int CONFIGURE_NAK = 3;
    int CONFIGURE_REJECT = 4;
    int TERMINATE_REQUEST = 5;
    int TERMINATE_ACK = 6;
    int CODE_REJECT = 7;
    int PROTOCOL_REJECT = 8;
    int ECHO_REQUEST = 9;
    int ECHO_REPLY = 10;
    int DISCARD_REQUEST = 11;
    int IDENTIFICATION = 12;
    int TIME_REMAINING = 13;

    /** Octets before the data: code, identifier, length. */
    int HEADER = 4;

    int code();

    int id();

    record ConfigureRequest(int id, List<ConfigurationOption> options) implements ControlPacket {
        @Override
        public int code() {
            return CONFIGURE_REQUEST;
        }
    }

    record ConfigureAck(int id, List<ConfigurationOption> options) implements ControlPacket {
        @Override
        public int code() {
            return CONFIGURE_ACK;
        }
    }

    record ConfigureNak(int id, List<ConfigurationOption> options) implements ControlPacket {
        @Override
        public int code() {
            return CONFIGURE_NAK;
        }
    }

    record ConfigureReject(int id, List<ConfigurationOption> options) implements ControlPacket {
        @Override
        public int code() {
            return CONFIGURE_REJECT;
        }
    }

    record TerminateRequest(int id, Bytes data) implements ControlPacket {
        @Override
        public int code() {
            return TERMINATE_REQUEST;
        }
    }

    record TerminateAck(int id, Bytes data) implements ControlPacket {
        @Override
        public int code() {
            return TERMINATE_ACK;
        }
    }

    /** @param rejected the packet that was not understood, from its code on, perhaps cut */
    record CodeReject(int id, Bytes rejected) implements ControlPacket {
        @Override
        public int code() {
            return CODE_REJECT;
        }
    }

    /** @param information of the frame that was not understood, perhaps cut */
    record ProtocolReject(int id, int protocol, Bytes information) implements ControlPacket {
        @Override
        public int code() {
            return PROTOCOL_REJECT;
        }
    }

    record EchoRequest(int id, long magic, Bytes data) implements ControlPacket {
        @Override
        public int code() {
            return ECHO_REQUEST;
        }
    }

    record EchoReply(int id, long magic, Bytes data) implements ControlPacket {
        @Override
        public int code() {
            return ECHO_REPLY;
        }
    }

    /** Discard-Request, Identification or Time-Remaining: told to us, and nothing is answered. */
    record Notice(int code, int id, Bytes data) implements ControlPacket {}

    /** A code that we do not know. */
    record Unknown(int code, int id, Bytes data) implements ControlPacket {}

    /**
     * Decodes the information field of a frame. Octets after the packet's length are padding.
     *
     * @throws WireException when the packet must be silently discarded (RFC 1661 §5)
     */
    static ControlPacket decode(Bytes information) throws WireException {
        CodedPacket packet = CodedPacket.read(information);
        int id = packet.id();
        WireReader data = packet.data();
        return switch (packet.code()) {
            case CONFIGURE_REQUEST -> new ConfigureRequest(id, ConfigurationOption.decodeAll(data));
            case CONFIGURE_ACK -> new ConfigureAck(id, ConfigurationOption.decodeAll(data));
            case CONFIGURE_NAK -> new ConfigureNak(id, ConfigurationOption.decodeAll(data));
            case CONFIGURE_REJECT -> new ConfigureReject(id, ConfigurationOption.decodeAll(data));
            case TERMINATE_REQUEST -> new TerminateRequest(id, data.rest());
            case TERMINATE_ACK -> new TerminateAck(id, data.rest());
            case CODE_REJECT -> new CodeReject(id, data.rest());
            case PROTOCOL_REJECT -> new ProtocolReject(id, data.u16(), data.rest());
            case ECHO_REQUEST -> new EchoRequest(id, data.u32(), data.rest());
            case ECHO_REPLY -> new EchoReply(id, data.u32(), data.rest());
            case DISCARD_REQUEST, IDENTIFICATION, TIME_REMAINING -> new Notice(packet.code(), id, data.rest());
            default -> new Unknown(packet.code(), id, data.rest());
        };
    }

    /** The information field of a frame. */
    default Bytes encode() {
        WireWriter writer = CodedPacket.begin(code(), id());
        switch (this) {
            case ConfigureRequest p -> ConfigurationOption.encodeAll(p.options, writer);
            case ConfigureAck p -> ConfigurationOption.encodeAll(p.options, writer);
            case ConfigureNak p -> ConfigurationOption.encodeAll(p.options, writer);
            case ConfigureReject p -> ConfigurationOption.encodeAll(p.options, writer);
            case TerminateRequest p -> writer.bytes(p.data);
            case TerminateAck p -> writer.bytes(p.data);
            case CodeReject p -> writer.bytes(p.rejected);
            case ProtocolReject p -> writer.u16(p.protocol).bytes(p.information);
            case EchoRequest p -> writer.u32(p.magic).bytes(p.data);
            case EchoReply p -> writer.u32(p.magic).bytes(p.data);
            case Notice p -> writer.bytes(p.data);
            case Unknown p -> writer.bytes(p.data);
        }
        return CodedPacket.end(writer);
    }
}
