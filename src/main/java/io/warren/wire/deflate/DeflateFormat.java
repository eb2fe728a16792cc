package io.warren.wire.deflate;

/** What both directions have in common (RFC 1979 §2). */
final class DeflateFormat {
    /** Octets of the sequence number. */
    static final int HEADER = 2;

    /** Length and its complement of the empty stored block that ends each packet: they are not sent. */
    static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

    static final int LAST_SEQUENCE = 0xffff;

    /** The largest protocol number of a packet that takes part, compressed or as it is. */
    private static final int LAST_PROTOCOL = 0x3fff;

    private static final int COMPRESSED = 0xfd;
    private static final int COMPRESSED_ON_ONE_LINK = 0xfb;

    private DeflateFormat() {}

    /** Whether packets of this protocol are numbered and part of the history. */
    static boolean takesPart(int protocol) {
        return protocol > 0
                && protocol <= LAST_PROTOCOL
                && protocol != COMPRESSED
                && protocol != COMPRESSED_ON_ONE_LINK;
    }

    /**
     * Writes the protocol field, of one octet where that is enough.
     *
     * @return its length in octets
     */
    static int putProtocol(int protocol, byte[] to) {
        if (protocol <= 0xff) {
            to[0] = (byte) protocol;
            return 1;
        }
        to[0] = (byte) (protocol >>> 8);
        to[1] = (byte) protocol;
        return 2;
    }
}
