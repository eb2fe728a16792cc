package io.warren.wire.l2tp;

import static io.warren.wire.l2tp.AvpType.Flag.H;
import static io.warren.wire.l2tp.AvpType.Flag.M;

import org.jspecify.annotations.Nullable;

/**
 * The AVPs that we know: those of RFC 2661 §4.4, the PPP Disconnect Cause Code of RFC 3145, the failover AVPs of
 * RFC 4951 and the access line AVPs of RFC 5515. Each row: attribute type, name, form of the value, where it is defined, and the bits that it may carry
 * when we send it. Received bits are not held against the table: the M bit is about a receiver's ignorance, and counts
 * for an AVP that we know only when its value is malformed (RFC 2661 §7.1).
 */
public enum AvpType {
    MESSAGE_TYPE(0, "Message Type", ValueForm.U16, "RFC 2661 §4.4.1", M),
    RESULT_CODE(1, "Result Code", ValueForm.RESULT_CODE, "RFC 2661 §4.4.2", M),
    PROTOCOL_VERSION(2, "Protocol Version", ValueForm.U16, "RFC 2661 §4.4.3", M),
    FRAMING_CAPABILITIES(3, "Framing Capabilities", ValueForm.U32, "RFC 2661 §4.4.3", M, H),
    BEARER_CAPABILITIES(4, "Bearer Capabilities", ValueForm.U32, "RFC 2661 §4.4.3", M, H),
    TIE_BREAKER(5, "Tie Breaker", ValueForm.TIE_BREAKER, "RFC 2661 §4.4.3"),
    FIRMWARE_REVISION(6, "Firmware Revision", ValueForm.U16, "RFC 2661 §4.4.3", H),
    HOST_NAME(7, "Host Name", ValueForm.NAME, "RFC 2661 §4.4.3", M),
    VENDOR_NAME(8, "Vendor Name", ValueForm.TEXT, "RFC 2661 §4.4.3", H),
    ASSIGNED_TUNNEL_ID(9, "Assigned Tunnel ID", ValueForm.U16, "RFC 2661 §4.4.3", M, H),
    RECEIVE_WINDOW_SIZE(10, "Receive Window Size", ValueForm.U16, "RFC 2661 §4.4.3", M),
    CHALLENGE(11, "Challenge", ValueForm.RANDOM_OCTETS, "RFC 2661 §4.4.3", M, H),
    Q931_CAUSE_CODE(12, "Q.931 Cause Code", ValueForm.Q931_CAUSE, "RFC 2661 §4.4.4", M),
    CHALLENGE_RESPONSE(13, "Challenge Response", ValueForm.DIGEST, "RFC 2661 §4.4.3", M, H),
    ASSIGNED_SESSION_ID(14, "Assigned Session ID", ValueForm.U16, "RFC 2661 §4.4.4", M, H),
    CALL_SERIAL_NUMBER(15, "Call Serial Number", ValueForm.U32_OR_U16, "RFC 2661 §4.4.4", M, H),
    MINIMUM_BPS(16, "Minimum BPS", ValueForm.U32, "RFC 2661 §4.4.4", M, H),
    MAXIMUM_BPS(17, "Maximum BPS", ValueForm.U32, "RFC 2661 §4.4.4", M, H),
    BEARER_TYPE(18, "Bearer Type", ValueForm.U32, "RFC 2661 §4.4.4", M, H),
    FRAMING_TYPE(19, "Framing Type", ValueForm.U32, "RFC 2661 §4.4.4", M, H),
    CALLED_NUMBER(21, "Called Number", ValueForm.TEXT, "RFC 2661 §4.4.4", M, H),
    CALLING_NUMBER(22, "Calling Number", ValueForm.TEXT, "RFC 2661 §4.4.4", M, H),
    SUB_ADDRESS(23, "Sub-Address", ValueForm.TEXT, "RFC 2661 §4.4.4", M, H),
    TX_CONNECT_SPEED(24, "(Tx) Connect Speed", ValueForm.U32, "RFC 2661 §4.4.4", M, H),
    PHYSICAL_CHANNEL_ID(25, "Physical Channel ID", ValueForm.U32, "RFC 2661 §4.4.4", H),
    INITIAL_RECEIVED_LCP_CONFREQ(26, "Initial Received LCP CONFREQ", ValueForm.OCTETS, "RFC 2661 §4.4.5", H),
    LAST_SENT_LCP_CONFREQ(27, "Last Sent LCP CONFREQ", ValueForm.OCTETS, "RFC 2661 §4.4.5", H),
    LAST_RECEIVED_LCP_CONFREQ(28, "Last Received LCP CONFREQ", ValueForm.OCTETS, "RFC 2661 §4.4.5", H),
    PROXY_AUTHEN_TYPE(29, "Proxy Authen Type", ValueForm.U16, "RFC 2661 §4.4.5", H),
    PROXY_AUTHEN_NAME(30, "Proxy Authen Name", ValueForm.TEXT, "RFC 2661 §4.4.5", H),
    PROXY_AUTHEN_CHALLENGE(31, "Proxy Authen Challenge", ValueForm.RANDOM_OCTETS, "RFC 2661 §4.4.5", H),
    PROXY_AUTHEN_ID(32, "Proxy Authen ID", ValueForm.U16, "RFC 2661 §4.4.5", H),
    PROXY_AUTHEN_RESPONSE(33, "Proxy Authen Response", ValueForm.OCTETS, "RFC 2661 §4.4.5", H),
    CALL_ERRORS(34, "Call Errors", ValueForm.CALL_ERRORS, "RFC 2661 §4.4.6", M, H),
    ACCM(35, "ACCM", ValueForm.ACCM, "RFC 2661 §4.4.6", M, H),
    RANDOM_VECTOR(36, "Random Vector", ValueForm.OCTETS, "RFC 2661 §4.4.1", M),
    PRIVATE_GROUP_ID(37, "Private Group ID", ValueForm.OCTETS, "RFC 2661 §4.4.4", H),
    RX_CONNECT_SPEED(38, "Rx Connect Speed", ValueForm.U32, "RFC 2661 §4.4.4", H),
    SEQUENCING_REQUIRED(39, "Sequencing Required", ValueForm.EMPTY, "RFC 2661 §4.4.4", M),
    PPP_DISCONNECT_CAUSE_CODE(46, "PPP Disconnect Cause Code", ValueForm.DISCONNECT_CAUSE, "RFC 3145 §2", H),
    FAILOVER_CAPABILITY(76, "Failover Capability", ValueForm.FAILOVER_CAPABILITY, "RFC 4951 §5.1", H),
    TUNNEL_RECOVERY(77, "Tunnel Recovery", ValueForm.RESERVED_AND_TWO_IDS, "RFC 4951 §5.2", M),
    SUGGESTED_CONTROL_SEQUENCE(78, "Suggested Control Sequence", ValueForm.CONTROL_SEQUENCE, "RFC 4951 §5.3", H),
    FAILOVER_SESSION_STATE(79, "Failover Session State", ValueForm.RESERVED_AND_TWO_IDS, "RFC 4951 §5.4", M, H),
    CONNECT_SPEED_UPDATE(97, "Connect Speed Update", ValueForm.SPEED_UPDATE, "RFC 5515 §6.1", H),
    CONNECT_SPEED_UPDATE_ENABLE(98, "Connect Speed Update Enable", ValueForm.EMPTY, "RFC 5515 §6.2", H),

    AGENT_CIRCUIT_ID(Vendor.ADSL_FORUM, 1, "Agent-Circuit-Id", ValueForm.LINE_ID, "RFC 5515 §5.1", H),
    AGENT_REMOTE_ID(Vendor.ADSL_FORUM, 2, "Agent-Remote-Id", ValueForm.LINE_ID, "RFC 5515 §5.2", H),
    ACTUAL_RATE_UP(Vendor.ADSL_FORUM, 129, "Actual-Data-Rate-Upstream", ValueForm.U64, "RFC 5515 §5.3", H),
    ACTUAL_RATE_DOWN(Vendor.ADSL_FORUM, 130, "Actual-Data-Rate-Downstream", ValueForm.U64, "RFC 5515 §5.4", H),
    MINIMUM_RATE_UP(Vendor.ADSL_FORUM, 131, "Minimum-Data-Rate-Upstream", ValueForm.U64, "RFC 5515 §5.5", H),
    MINIMUM_RATE_DOWN(Vendor.ADSL_FORUM, 132, "Minimum-Data-Rate-Downstream", ValueForm.U64, "RFC 5515 §5.6", H),
    ATTAINABLE_RATE_UP(Vendor.ADSL_FORUM, 133, "Attainable-Data-Rate-Upstream", ValueForm.U64, "RFC 5515 §5.7", H),
    ATTAINABLE_RATE_DOWN(Vendor.ADSL_FORUM, 134, "Attainable-Data-Rate-Downstream", ValueForm.U64, "RFC 5515 §5.8", H),
    MAXIMUM_RATE_UP(Vendor.ADSL_FORUM, 135, "Maximum-Data-Rate-Upstream", ValueForm.U64, "RFC 5515 §5.9", H),
    MAXIMUM_RATE_DOWN(Vendor.ADSL_FORUM, 136, "Maximum-Data-Rate-Downstream", ValueForm.U64, "RFC 5515 §5.10", H),
    LOW_POWER_RATE_UP(
            Vendor.ADSL_FORUM, 137, "Minimum-Data-Rate-Upstream-Low-Power", ValueForm.U64, "RFC 5515 §5.11", H),
    LOW_POWER_RATE_DOWN(
            Vendor.ADSL_FORUM, 138, "Minimum-Data-Rate-Downstream-Low-Power", ValueForm.U64, "RFC 5515 §5.12", H),
    MAXIMUM_DELAY_UP(Vendor.ADSL_FORUM, 139, "Maximum-Interleaving-Delay-Upstream", ValueForm.U32, "RFC 5515 §5.13", H),
    ACTUAL_DELAY_UP(Vendor.ADSL_FORUM, 140, "Actual-Interleaving-Delay-Upstream", ValueForm.U32, "RFC 5515 §5.14", H),
    MAXIMUM_DELAY_DOWN(
            Vendor.ADSL_FORUM, 141, "Maximum-Interleaving-Delay-Downstream", ValueForm.U32, "RFC 5515 §5.15", H),
    ACTUAL_DELAY_DOWN(
            Vendor.ADSL_FORUM, 142, "Actual-Interleaving-Delay-Downstream", ValueForm.U32, "RFC 5515 §5.16", H),
    ACCESS_LOOP_ENCAPSULATION(
            Vendor.ADSL_FORUM, 144, "Access-Loop-Encapsulation", ValueForm.LOOP_ENCAPSULATION, "RFC 5515 §5.17", H),
    ANCP_ACCESS_LINE_TYPE(Vendor.ADSL_FORUM, 145, "ANCP Access Line Type", ValueForm.U32, "RFC 5515 §5.18", H),
    IWF_SESSION(Vendor.ADSL_FORUM, 254, "IWF-Session", ValueForm.U32, "RFC 5515 §5.19", H);

    /** Octets that fit into one AVP: its length field has 10 bits and counts the 6 octets of its header. */
    public static final int LONGEST_VALUE = 1023 - 6;

    private static final @Nullable AvpType[] IETF_BY_TYPE = byType(Vendor.IETF);
    private static final @Nullable AvpType[] ADSL_FORUM_BY_TYPE = byType(Vendor.ADSL_FORUM);

    private final int vendorId;
    private final int wireType;
    private final String rfcName;
    private final ValueForm form;
    private final String section;
    private final boolean mandatory;
    private final boolean hideable;

    AvpType(int wireType, String rfcName, ValueForm form, String section, Flag... flags) {
        this(Vendor.IETF, wireType, rfcName, form, section, flags);
    }

    AvpType(int vendorId, int wireType, String rfcName, ValueForm form, String section, Flag... flags) {
        this.vendorId = vendorId;
        this.wireType = wireType;
        this.rfcName = rfcName;
        this.form = form;
        this.section = section;
        boolean m = false;
        boolean h = false;
        for (Flag flag : flags) {
            m |= flag == M;
            h |= flag == H;
        }
        this.mandatory = m;
        this.hideable = h;
    }

    /** The row of this vendor and attribute type, or null. The vendor is looked at first. */
    public static @Nullable AvpType of(int vendorId, int wireType) {
        @Nullable
        AvpType[] rows = switch (vendorId) {
            case Vendor.IETF -> IETF_BY_TYPE;
            case Vendor.ADSL_FORUM -> ADSL_FORUM_BY_TYPE;
            default -> null;
        };
        return rows != null && wireType < rows.length ? rows[wireType] : null;
    }

    /** SMI enterprise code: 0 for the IETF, 3561 for the ADSL Forum (now Broadband Forum). */
    public int vendorId() {
        return vendorId;
    }

    /** The attribute type on the wire. */
    public int wireType() {
        return wireType;
    }

    public String rfcName() {
        return rfcName;
    }

    /** Where it is defined, for example {@code RFC 2661 §4.4.3}. */
    public String section() {
        return section;
    }

    /** Whether we send it with the M bit. */
    public boolean mandatory() {
        return mandatory;
    }

    /** Whether it may be sent hidden (RFC 2661 §4.3). */
    public boolean hideable() {
        return hideable;
    }

    ValueForm form() {
        return form;
    }

    /** Whether it describes the subscriber's line (RFC 5515 §5). */
    boolean describesAccessLine() {
        return vendorId == Vendor.ADSL_FORUM;
    }

    private static @Nullable AvpType[] byType(int vendorId) {
        @Nullable AvpType[] rows = new @Nullable AvpType[256];
        for (AvpType type : values()) {
            if (type.vendorId == vendorId) {
                rows[type.wireType] = type;
            }
        }
        return rows;
    }

    /** Bits of the AVP header (RFC 2661 §4.1) that we may set. */
    enum Flag {
        /** Sent with the Mandatory bit. */
        M,
        /** May be sent with the Hidden bit. */
        H
    }

    /** SMI enterprise codes. */
    private static final class Vendor {
        static final int IETF = 0;
        static final int ADSL_FORUM = 3561;
    }
}
