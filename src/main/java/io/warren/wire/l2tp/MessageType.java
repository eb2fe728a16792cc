package io.warren.wire.l2tp;

/** The control message types (RFC 2661 §3.2, RFC 5515 §4). */
public enum MessageType {
    SCCRQ(1),
    SCCRP(2),
    SCCCN(3),
    STOP_CCN(4),
    HELLO(6),
    OCRQ(7),
    OCRP(8),
    OCCN(9),
    ICRQ(10),
    ICRP(11),
    ICCN(12),
    CDN(14),
    WEN(15),
    SLI(16),
    CSUN(28),
    CSURQ(29);

    private final int wireId;

    MessageType(int wireId) {
        this.wireId = wireId;
    }

    public int wireId() {
        return wireId;
    }
}
