package io.warren.wire.l2tp;

import static io.warren.wire.l2tp.AvpType.*;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The control message types (RFC 2661 §3.2, RFC 4951 §4, RFC 5515 §4) and the AVPs of each: those that must be there, and those
 * that may. The Message Type AVP itself is in every message and in no list.
 */
public enum MessageType {
    SCCRQ(
            1,
            "RFC 2661 §6.1",
            Scope.TUNNEL,
            List.of(PROTOCOL_VERSION, HOST_NAME, FRAMING_CAPABILITIES, ASSIGNED_TUNNEL_ID),
            List.of(
                    BEARER_CAPABILITIES,
                    RECEIVE_WINDOW_SIZE,
                    CHALLENGE,
                    TIE_BREAKER,
                    FIRMWARE_REVISION,
                    VENDOR_NAME,
                    FAILOVER_CAPABILITY,
                    TUNNEL_RECOVERY)),
    SCCRP(
            2,
            "RFC 2661 §6.2",
            Scope.TUNNEL,
            List.of(PROTOCOL_VERSION, FRAMING_CAPABILITIES, HOST_NAME, ASSIGNED_TUNNEL_ID),
            List.of(
                    BEARER_CAPABILITIES,
                    FIRMWARE_REVISION,
                    VENDOR_NAME,
                    RECEIVE_WINDOW_SIZE,
                    CHALLENGE,
                    CHALLENGE_RESPONSE,
                    FAILOVER_CAPABILITY,
                    SUGGESTED_CONTROL_SEQUENCE)),
    SCCCN(3, "RFC 2661 §6.3", Scope.TUNNEL, List.of(), List.of(CHALLENGE_RESPONSE)),
    /** The Assigned Tunnel ID is required by the RFC; without it the header still names the tunnel. */
    STOP_CCN(4, "RFC 2661 §6.4", Scope.TUNNEL, List.of(RESULT_CODE), List.of(ASSIGNED_TUNNEL_ID)),
    HELLO(6, "RFC 2661 §6.5", Scope.TUNNEL, List.of(), List.of()),
    OCRQ(
            7,
            "RFC 2661 §6.9",
            Scope.SESSION,
            List.of(
                    ASSIGNED_SESSION_ID,
                    CALL_SERIAL_NUMBER,
                    MINIMUM_BPS,
                    MAXIMUM_BPS,
                    BEARER_TYPE,
                    FRAMING_TYPE,
                    CALLED_NUMBER),
            List.of(SUB_ADDRESS)),
    OCRP(8, "RFC 2661 §6.10", Scope.SESSION, List.of(ASSIGNED_SESSION_ID), List.of(PHYSICAL_CHANNEL_ID)),
    OCCN(
            9,
            "RFC 2661 §6.11",
            Scope.SESSION,
            List.of(TX_CONNECT_SPEED, FRAMING_TYPE),
            List.of(RX_CONNECT_SPEED, SEQUENCING_REQUIRED)),
    ICRQ(
            10,
            "RFC 2661 §6.6",
            Scope.CALL,
            List.of(ASSIGNED_SESSION_ID, CALL_SERIAL_NUMBER),
            List.of(BEARER_TYPE, PHYSICAL_CHANNEL_ID, CALLING_NUMBER, CALLED_NUMBER, SUB_ADDRESS)),
    ICRP(11, "RFC 2661 §6.7", Scope.SESSION, List.of(ASSIGNED_SESSION_ID), List.of()),
    ICCN(
            12,
            "RFC 2661 §6.8",
            Scope.CALL,
            List.of(TX_CONNECT_SPEED, FRAMING_TYPE),
            List.of(
                    INITIAL_RECEIVED_LCP_CONFREQ,
                    LAST_SENT_LCP_CONFREQ,
                    LAST_RECEIVED_LCP_CONFREQ,
                    PROXY_AUTHEN_TYPE,
                    PROXY_AUTHEN_NAME,
                    PROXY_AUTHEN_CHALLENGE,
                    PROXY_AUTHEN_ID,
                    PROXY_AUTHEN_RESPONSE,
                    PRIVATE_GROUP_ID,
                    RX_CONNECT_SPEED,
                    SEQUENCING_REQUIRED)),
    /** The Assigned Session ID is required by the RFC; without it the header still names the session. */
    CDN(
            14,
            "RFC 2661 §6.12",
            Scope.SESSION,
            List.of(RESULT_CODE),
            List.of(ASSIGNED_SESSION_ID, Q931_CAUSE_CODE, PPP_DISCONNECT_CAUSE_CODE)),
    WEN(15, "RFC 2661 §6.13", Scope.SESSION, List.of(CALL_ERRORS), List.of()),
    SLI(16, "RFC 2661 §6.14", Scope.SESSION, List.of(ACCM), List.of()),
    FSQ(21, "RFC 4951 §4.1", Scope.MANY_SESSIONS, List.of(FAILOVER_SESSION_STATE), List.of()),
    FSR(22, "RFC 4951 §4.2", Scope.MANY_SESSIONS, List.of(FAILOVER_SESSION_STATE), List.of()),
    CSUN(28, "RFC 5515 §4.1", Scope.MANY_SESSIONS, List.of(CONNECT_SPEED_UPDATE), List.of()),
    CSURQ(29, "RFC 5515 §4.2", Scope.MANY_SESSIONS, List.of(CONNECT_SPEED_UPDATE), List.of());

    private static final @Nullable MessageType[] BY_WIRE_ID = byWireId();

    private final int wireId;
    private final String section;
    private final Scope scope;

    @SuppressWarnings("ImmutableEnumChecker") // List.of
    private final List<AvpType> required;

    @SuppressWarnings("ImmutableEnumChecker") // unmodifiable
    private final Set<AvpType> permitted;

    private final boolean hideable;

    MessageType(int wireId, String section, Scope scope, List<AvpType> required, List<AvpType> optional) {
        this.wireId = wireId;
        this.section = section;
        this.scope = scope;
        this.required = required;
        EnumSet<AvpType> all = EnumSet.noneOf(AvpType.class);
        all.addAll(required);
        all.addAll(optional);
        if (scope == Scope.CALL) {
            Arrays.stream(AvpType.values()).filter(AvpType::describesAccessLine).forEach(all::add);
        }
        this.permitted = Collections.unmodifiableSet(all);
        this.hideable = all.stream().anyMatch(AvpType::hideable);
    }

    /** The type with this number on the wire, or null. */
    public static @Nullable MessageType of(int wireId) {
        return wireId < BY_WIRE_ID.length ? BY_WIRE_ID[wireId] : null;
    }

    public int wireId() {
        return wireId;
    }

    /** Where it is defined, for example {@code RFC 2661 §6.1}. */
    public String section() {
        return section;
    }

    /** Whether it concerns one session, so that a fault in it ends that session only (RFC 2661 §4.1). */
    public boolean isSessionMessage() {
        return scope == Scope.SESSION || scope == Scope.CALL;
    }

    /** Whether it makes an incoming call connected at the end that hears it (RFC 2661 §7.4.1, §7.4.2). */
    public boolean connectsCall() {
        return this == ICRP || this == ICCN;
    }

    /** Whether its Message Type AVP has the M bit (RFC 2661 §4.4.1; not so by RFC 4951 §4 and RFC 5515 §4). */
    public boolean mandatory() {
        return scope != Scope.MANY_SESSIONS;
    }

    /** The AVPs without which the message is of no use. */
    public List<AvpType> required() {
        return required;
    }

    /** The AVPs that have a component in the message's record. */
    public Set<AvpType> permitted() {
        return permitted;
    }

    /** Whether one of its AVPs may be hidden. */
    boolean hideable() {
        return hideable;
    }

    /** The AVP that carries the id which the sender assigned: to the tunnel, or to the session. */
    AvpType assignedId() {
        return isSessionMessage() ? ASSIGNED_SESSION_ID : ASSIGNED_TUNNEL_ID;
    }

    private static @Nullable MessageType[] byWireId() {
        @Nullable MessageType[] types = new @Nullable MessageType[32];
        for (MessageType type : values()) {
            types[type.wireId] = type;
        }
        return types;
    }

    /** What a message is about. */
    private enum Scope {
        TUNNEL,
        SESSION,
        /** A session, at the moment when the LAC describes the call: may hold the access line AVPs. */
        CALL,
        /** A tunnel message about several of its sessions (RFC 4951 §4, RFC 5515 §4), of which older peers know nothing. */
        MANY_SESSIONS
    }
}
