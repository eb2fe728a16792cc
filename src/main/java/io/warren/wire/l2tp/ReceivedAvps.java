package io.warren.wire.l2tp;

import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.WireReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The AVPs of one message, sorted by type, revealed where they were hidden, and checked against the tables. Lives for
 * one call of the decoder. What makes the message unusable is kept as its first fault, and reading goes on, so that the
 * assigned id can be told to whoever must answer.
 *
 * <p>RFC 2661 says nothing of repeated AVPs: the first counts. Only Random Vector (§4.4.1), Failover Session State
 * (RFC 4951 §3.3) and Connect Speed Update (RFC 5515 §4.1) may come again.
 */
final class ReceivedAvps {
    /** More in one message is no L2TP; the longest message of the RFCs has about 35 unless it lists many sessions. */
    static final int MOST_AVPS = 256;

    private static final int MANDATORY_BIT = 0x8000;
    private static final int HIDDEN_BIT = 0x4000;
    private static final int RESERVED_BITS = 0x3c00;
    private static final int LENGTH_MASK = 0x03ff;
    private static final int HEADER_LENGTH = 6;
    private static final List<AvpType> ACCESS_LINE =
            Arrays.stream(AvpType.values()).filter(AvpType::describesAccessLine).toList();

    private final MessageType type;
    private final @Nullable TunnelSecret secret;
    private final Map<AvpType, WireReader> values = new EnumMap<>(AvpType.class);
    private final List<Avp> others = new ArrayList<>(0);
    private final List<Avp> speedUpdates = new ArrayList<>(0);
    private final List<FailoverSessionState> sessionStates = new ArrayList<>(0);
    private @Nullable Bytes randomVector;
    private @Nullable Fault fault;

    /** Why a message cannot be used. */
    record Fault(int errorCode, String reason) {}

    private ReceivedAvps(MessageType type, @Nullable TunnelSecret secret) {
        this.type = type;
        this.secret = secret;
    }

    /** Reads all AVPs after the Message Type AVP. */
    static ReceivedAvps read(WireReader reader, MessageType type, @Nullable TunnelSecret secret) throws WireException {
        ReceivedAvps avps = new ReceivedAvps(type, secret);
        for (int count = 1; !reader.isEmpty(); count++) {
            if (count > MOST_AVPS) {
                throw reader.error("more than " + MOST_AVPS + " AVPs");
            }
            avps.readOne(reader);
        }
        avps.checkRequired();
        avps.checkRanges();
        return avps;
    }

    /** The first thing that makes the message unusable, or null. */
    @Nullable
    Fault fault() {
        return fault;
    }

    /** The id that the sender assigned to the tunnel or session that the message is about; 0 when not readable. */
    int assignedId() throws WireException {
        return has(type.assignedId()) ? u16(type.assignedId()) : 0;
    }

    List<Avp> others() {
        return List.copyOf(others);
    }

    List<Avp> speedUpdates() {
        return List.copyOf(speedUpdates);
    }

    List<FailoverSessionState> sessionStates() {
        return List.copyOf(sessionStates);
    }

    AccessLine accessLine() throws WireException {
        Map<AvpType, Bytes> attributes = null;
        for (AvpType avp : ACCESS_LINE) {
            if (has(avp)) {
                attributes = attributes == null ? new EnumMap<>(AvpType.class) : attributes;
                attributes.put(avp, value(avp).rest());
            }
        }
        return attributes == null ? AccessLine.NONE : new AccessLine(attributes);
    }

    boolean has(AvpType avp) {
        return values.containsKey(avp);
    }

    /** The value, to be consumed once; the AVP must be there, as the required ones are when there is no fault. */
    WireReader value(AvpType avp) {
        return Objects.requireNonNull(values.get(avp), avp::rfcName);
    }

    int u16(AvpType avp) throws WireException {
        return value(avp).peekU16();
    }

    long u32(AvpType avp) throws WireException {
        return value(avp).u32();
    }

    @Nullable
    Integer u16OrNull(AvpType avp) throws WireException {
        return has(avp) ? (Integer) u16(avp) : null;
    }

    @Nullable
    Long u32OrNull(AvpType avp) throws WireException {
        return has(avp) ? (Long) u32(avp) : null;
    }

    @Nullable
    Bytes octetsOrNull(AvpType avp) throws WireException {
        return has(avp) ? value(avp).rest() : null;
    }

    @Nullable
    String textOrNull(AvpType avp) throws WireException {
        return has(avp) ? value(avp).text() : null;
    }

    /** The value of the Message Type AVP, with its M bit as bit 16. */
    static int readMessageType(WireReader reader) throws WireException {
        int start = reader.position();
        int bits = reader.u16();
        if ((bits & ~MANDATORY_BIT) != HEADER_LENGTH + 2 || reader.u32() != 0) {
            throw new WireException("first AVP is not a plain Message Type", start);
        }
        return (bits & MANDATORY_BIT) << 1 | reader.u16();
    }

    /** Walks over the AVPs of a message that is not known, to see that their framing is right. */
    static void skipAll(WireReader reader) throws WireException {
        while (!reader.isEmpty()) {
            int length = reader.u16() & LENGTH_MASK;
            requireHeader(reader, length);
            reader.skip(length - 2);
        }
    }

    private static void requireHeader(WireReader reader, int length) throws WireException {
        if (length < HEADER_LENGTH) {
            throw reader.error("AVP length " + length + " is less than 6");
        }
    }

    private void readOne(WireReader reader) throws WireException {
        int bits = reader.u16();
        int length = bits & LENGTH_MASK;
        requireHeader(reader, length);
        int vendorId = reader.u16();
        int wireType = reader.u16();
        WireReader value = reader.slice(length - HEADER_LENGTH);
        boolean mandatory = (bits & MANDATORY_BIT) != 0;
        boolean hidden = (bits & HIDDEN_BIT) != 0;
        if ((bits & RESERVED_BITS) != 0) {
            if (mandatory) {
                fail(ErrorCode.UNKNOWN_MANDATORY_AVP, "reserved bits in mandatory " + name(vendorId, wireType));
            }
            return;
        }
        AvpType avp = AvpType.of(vendorId, wireType);
        if (avp == null) {
            unrecognised(mandatory, hidden, vendorId, wireType, value);
        } else {
            recognised(avp, mandatory, hidden, value);
        }
    }

    private void unrecognised(boolean mandatory, boolean hidden, int vendorId, int wireType, WireReader value)
            throws WireException {
        if (mandatory) {
            fail(ErrorCode.UNKNOWN_MANDATORY_AVP, "unknown mandatory " + name(vendorId, wireType));
            return;
        }
        WireReader plain = hidden ? reveal(wireType, value) : value;
        if (plain != null) {
            others.add(new Avp(false, vendorId, wireType, plain.rest()));
        }
    }

    private void recognised(AvpType avp, boolean mandatory, boolean hidden, WireReader value) throws WireException {
        if (avp == AvpType.MESSAGE_TYPE) {
            return;
        }
        if (avp == AvpType.RANDOM_VECTOR && !hidden) {
            randomVector = value.rest();
            return;
        }
        WireReader plain = hidden ? reveal(avp.wireType(), value) : value;
        if (plain == null || avp == AvpType.RANDOM_VECTOR) {
            fail(ErrorCode.SEE_MESSAGE, "cannot reveal hidden AVP " + avp.rfcName());
        } else if (!avp.form().fits(plain.remaining())) {
            malformed(avp, mandatory, hidden, plain);
        } else if (!type.permitted().contains(avp)) {
            others.add(new Avp(mandatory, avp.vendorId(), avp.wireType(), plain.rest()));
        } else if (avp == AvpType.CONNECT_SPEED_UPDATE) {
            speedUpdates.add(new Avp(mandatory, avp.vendorId(), avp.wireType(), plain.rest()));
        } else if (avp == AvpType.FAILOVER_SESSION_STATE) {
            plain.skip(4);
            int sessionId = plain.u16();
            plain.skip(2);
            sessionStates.add(new FailoverSessionState(sessionId, plain.u16()));
        } else {
            values.putIfAbsent(avp, plain);
        }
    }

    /**
     * RFC 2661 §7.1: a malformed AVP without the M bit is as an unrecognised one. A hidden one tells that the secrets
     * differ, which must not pass unnoticed.
     */
    private void malformed(AvpType avp, boolean mandatory, boolean hidden, WireReader value) throws WireException {
        if (mandatory || hidden || type.required().contains(avp)) {
            int length = value.remaining();
            fail(ErrorCode.LENGTH_IS_WRONG, "value of AVP " + avp.rfcName() + " has " + length + " octets");
        } else {
            others.add(new Avp(false, avp.vendorId(), avp.wireType(), value.rest()));
        }
    }

    private @Nullable WireReader reveal(int wireType, WireReader value) throws WireException {
        if (secret == null || randomVector == null) {
            return null;
        }
        return HiddenValue.reveal(wireType, value.bytes(value.remaining()), secret, randomVector);
    }

    private void checkRequired() {
        for (AvpType avp : type.required()) {
            boolean present = has(avp)
                    || (avp == AvpType.CONNECT_SPEED_UPDATE && !speedUpdates.isEmpty())
                    || (avp == AvpType.FAILOVER_SESSION_STATE && !sessionStates.isEmpty());
            if (!present) {
                fail(ErrorCode.SEE_MESSAGE, "AVP " + avp.rfcName() + " is missing");
            }
        }
    }

    private void checkRanges() throws WireException {
        if (has(AvpType.RECEIVE_WINDOW_SIZE) && u16(AvpType.RECEIVE_WINDOW_SIZE) == 0) {
            fail(ErrorCode.OUT_OF_RANGE, "AVP Receive Window Size is zero");
        }
        AvpType assignedId = type.assignedId();
        if (type.required().contains(assignedId) && has(assignedId) && u16(assignedId) == 0) {
            fail(ErrorCode.OUT_OF_RANGE, "AVP " + assignedId.rfcName() + " is zero");
        }
    }

    private void fail(int errorCode, String reason) {
        if (fault == null) {
            fault = new Fault(errorCode, reason);
        }
    }

    private static String name(int vendorId, int wireType) {
        return "AVP " + wireType + " of vendor " + vendorId;
    }
}
