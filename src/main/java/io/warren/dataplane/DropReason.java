package io.warren.dataplane;

/** Why a packet went no further. The label is the name in metrics and in {@link DataPlane#drops()}. */
public enum DropReason {
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
    LINK_LOCAL_PEER("link-local-peer", "from a link-local IPv6 address, which tells no link to answer on"),
    BAD_INNER_PACKET("bad-inner-packet", "not a sound IP packet inside"),
    WRONG_INNER_SOURCE("wrong-inner-source", "a subscriber's packet with a source address that is not his"),
    NOT_ENCRYPTED("not-encrypted", "in the clear, of a call whose packets are encrypted"),
    MPPE_BAD_HEADER("mppe-bad-header", "encrypted, but not in MPPE's stateless mode"),
    MPPE_LATE("mppe-late", "encrypted with a key that is gone: behind what came last, or doubled"),
    MPPE_GAP("mppe-gap", "encrypted, after more gaps than its call may have in a second"),
    MPPE_GAPS_OF_ALL(
            "mppe-gaps-of-all",
            "encrypted, after a gap, and all calls together had more than they may have in a second"),
    MPPE_NO_SENSE("mppe-no-sense", "encrypted, and no IP packet when it was decrypted"),
    MPPE_NO_KEYS("mppe-no-keys", "of an encrypted call whose keys only a silent node has"),
    DEFLATE_GAP("deflate-gap", "compressed, and behind a gap: what it refers to is missing, or it comes too late"),
    DEFLATE_BAD_DATA("deflate-bad-data", "compressed, but not Deflate"),
    DEFLATE_TOO_LARGE("deflate-too-large", "compressed, and larger than our MRU when it was decompressed"),
    DEFLATE_LOST("deflate-lost", "compressed, after a gap or an error, while the peer has not begun anew"),
    DEFLATE_NO_HISTORY("deflate-no-history", "compressed, without having been agreed, or for a node that is silent"),
    DEFLATE_NO_ROOM("deflate-no-room", "compressed, of a call beyond those that may be"),
    OUT_OF_ORDER("out-of-order", "an old or repeated sequence number, or one too far ahead of a gap"),
    POLICED_UP("policed-up", "beyond the rate that its subscriber may send at"),
    POLICED_DOWN("policed-down", "beyond the rate that its subscriber may receive at"),
    PACKET_RATE("packet-rate", "beyond the packets per second that its call may have, in one direction"),
    FILTERED_UP("filtered-up", "from a subscriber whose filter does not let it pass"),
    FILTERED_DOWN("filtered-down", "for a subscriber whose filter does not let it pass"),
    UDP_QUEUE_OVERFLOW("udp-queue-overflow", "no room in the UDP socket's receive buffer, by the kernel's count"),
    TUN_QUEUE_OVERFLOW("tun-queue-overflow", "no room in the TUN device's queue, by the kernel's count"),
    TUN_BAD_OFFLOAD("tun-bad-offload", "a packet from the TUN device whose offload header makes no sense"),
    TUN_REFUSED("tun-refused", "the TUN device did not take it"),
    NOT_FOR_NULL_PLANE("null-plane", "there is no TUN device to forward it to"),
    NOT_IP("not-ip", "a packet from the TUN device that is neither IPv4 nor IPv6"),
    LINK_LOCAL("link-local", "an IPv6 packet for its own link that is not for us, or one too many"),
    NO_SUBSCRIBER("no-subscriber", "no call has this destination address"),
    TOO_BIG("too-big", "larger than the peer's MRU and must not be fragmented"),
    NO_SOCKET("no-socket", "no socket is bound to the address that the call came in on"),
    SEND_FAILED("send-failed", "the UDP socket did not take it"),
    UNKNOWN_RELAY("unknown-relay", "relayed by somebody who is not of this cluster"),
    WRONG_COOKIE("wrong-cookie", "relayed by somebody who does not know the cluster's secret"),
    BAD_RELAY_HEADER("bad-relay-header", "relayed with a header that makes no sense"),
    TOO_MANY_HOPS("too-many-hops", "relayed twice, and still not where it belongs"),
    NO_OWNER("no-owner", "of a call on another node, while neither that nor its standby can be reached"),
    RELAY_SEND_FAILED("relay-send-failed", "the UDP socket did not take it for another node"),
    INTERNAL_ERROR(
            "internal-error",
            "a fault of ours, for which the rest of its batch was given up too; counted once a batch");

    private final String label;
    private final String meaning;

    DropReason(String label, String meaning) {
        this.label = label;
        this.meaning = meaning;
    }

    /** Its short stable name. */
    public String label() {
        return label;
    }

    /** In words. */
    public String meaning() {
        return meaning;
    }
}
