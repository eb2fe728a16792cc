package io.warren.dataplane;

/** Why a packet went no further. The label is the name in metrics and in {@link DataPlane#drops()}. */
enum DropReason {
    TRUNCATED("truncated", "longer than our buffer"),
    SHORT_HEADER("short-header", "ends within its L2TP header"),
    BAD_VERSION("bad-version", "its L2TP version is not 2"),
    BAD_LENGTH("bad-length", "its Length field disagrees with the datagram"),
    BAD_OFFSET("bad-offset", "its Offset Size leads out of the datagram"),
    BAD_CONTROL_HEADER("bad-control-header", "a control packet without Length or Ns and Nr"),
    UNDECODABLE_CONTROL("undecodable-control", "a control packet whose AVPs cannot be read"),
    CONTROL_QUEUE_FULL("control-queue-full", "more control packets than can be handled"),
    FRAME_QUEUE_FULL("frame-queue-full", "more PPP control frames than can be handled"),
    WRONG_PEER("wrong-peer", "data for a call from an address or port that is not its tunnel's"),
    BAD_INNER_PACKET("bad-inner-packet", "not a sound IPv4 packet inside"),
    WRONG_INNER_SOURCE("wrong-inner-source", "a subscriber's packet with a source address that is not his"),
    OLD_SEQUENCE("old-sequence", "its Ns was passed already: it came twice or too late"),
    TUN_REFUSED("tun-refused", "the TUN device did not take it"),
    NOT_FOR_NULL_PLANE("null-plane", "there is no TUN device to forward it to"),
    NOT_IPV4("not-ipv4", "a packet from the TUN device that is not IPv4"),
    NO_SUBSCRIBER("no-subscriber", "no call has this destination address"),
    TOO_BIG("too-big", "larger than the peer's MRU and must not be fragmented"),
    NO_SOCKET("no-socket", "no socket is bound to the address that the call came in on"),
    SEND_FAILED("send-failed", "the UDP socket did not take it");

    private final String label;
    private final String meaning;

    DropReason(String label, String meaning) {
        this.label = label;
        this.meaning = meaning;
    }

    String label() {
        return label;
    }

    String meaning() {
        return meaning;
    }
}
