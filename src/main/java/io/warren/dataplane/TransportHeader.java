package io.warren.dataplane;

/** What the headers of TCP (RFC 9293 §3.1) and UDP (RFC 768) are known by, and where their checksums are. */
final class TransportHeader {
    /** Protocol number in IPv4, Next Header in IPv6. */
    static final int TCP = 6;

    static final int UDP = 17;

    /** Octets of a TCP header without options. */
    static final int TCP_HEADER = 20;

    static final int UDP_HEADER = 8;

    /** Where the checksum is, from the header's beginning. */
    static final int TCP_CHECKSUM = 16;

    static final int UDP_CHECKSUM = 6;

    // Control bits of TCP
    static final int FIN = 0x01;
    static final int SYN = 0x02;
    static final int RST = 0x04;
    static final int PSH = 0x08;
    static final int ACK = 0x10;
    static final int CWR = 0x80;

    private TransportHeader() {}
}
