package io.warren.wire.l2tp;

import io.warren.wire.Bytes;

/**
 * Control packets byte by byte, in the shapes in which peers send them. Put together from the pictures of RFC 2661
 * without the encoder under test; the MD5 values come from another implementation of MD5.
 */
enum GoldenPacket {
    /** As xl2tpd sends it with a tunnel secret. */
    SCCRQ("""
            c802 007b                                  # T, L, S, version 2; length 123
            0000 0000                                  # tunnel 0, session 0
            0000 0000                                  # Ns 0, Nr 0
            8008 0000 0000                             # M, length 8, 0: Message Type
              0001                                     # SCCRQ
            8008 0000 0002                             # M, length 8, 2: Protocol Version
              0100                                     # 1.0
            800a 0000 0003                             # M, length 10, 3: Framing Capabilities
              0000 0003                                # asynchronous, synchronous
            800a 0000 0004                             # M, length 10, 4: Bearer Capabilities
              0000 0000                                # none
            0008 0000 0006                             # -, length 8, 6: Firmware Revision
              0690
            800a 0000 0007                             # M, length 10, 7: Host Name
              6c61 6331                                # "lac1"
            0013 0000 0008                             # -, length 19, 8: Vendor Name
              7865 6c65 7261 6e63 652e 636f 6d         # "xelerance.com"
            8008 0000 0009                             # M, length 8, 9: Assigned Tunnel ID
              1d3e
            8008 0000 000a                             # M, length 8, 10: Receive Window Size
              0004
            8016 0000 000b                             # M, length 22, 11: Challenge
              0011 2233 4455 6677 8899 aabb ccdd eeff
            """),
    /** The answer, with a challenge of the LNS and the response to that of the LAC. */
    SCCRP("""
            c802 0073                                  # T, L, S, version 2; length 115
            1d3e 0000                                  # tunnel 7486, session 0
            0000 0001                                  # Ns 0, Nr 1
            8008 0000 0000                             # M, length 8, 0: Message Type
              0002                                     # SCCRP
            8008 0000 0002                             # M, length 8, 2: Protocol Version
              0100                                     # 1.0
            800a 0000 0003                             # M, length 10, 3: Framing Capabilities
              0000 0003                                # asynchronous, synchronous
            8011 0000 0007                             # M, length 17, 7: Host Name
              6c6e 732e 6578 616d 706c 65              # "lns.example"
            8008 0000 0009                             # M, length 8, 9: Assigned Tunnel ID
              2b07
            8008 0000 000a                             # M, length 8, 10: Receive Window Size
              0010
            8016 0000 000b                             # M, length 22, 11: Challenge
              a0a1 a2a3 a4a5 a6a7 a8a9 aaab acad aeaf
            8016 0000 000d                             # M, length 22, 13: Challenge Response
              6e1c a125 1f41 31a7 097f 0bdd 8d99 32cf  # MD5(02 "s3cret" challenge)
            """),
    /** Ends the three-way exchange; the response has id 3. */
    SCCCN("""
            c802 002a                                  # T, L, S, version 2; length 42
            2b07 0000                                  # tunnel 11015, session 0
            0001 0001                                  # Ns 1, Nr 1
            8008 0000 0000                             # M, length 8, 0: Message Type
              0003                                     # SCCCN
            8016 0000 000d                             # M, length 22, 13: Challenge Response
              37d1 113b 89db 25e9 1e18 74c5 a609 750f  # MD5(03 "s3cret" challenge)
            """),
    /** As xl2tpd sends it. */
    ICRQ("""
            c802 0030       # T, L, S, version 2; length 48
            2b07 0000       # tunnel 11015, session 0
            0002 0001       # Ns 2, Nr 1
            8008 0000 0000  # M, length 8, 0: Message Type
              000a          # ICRQ
            8008 0000 000e  # M, length 8, 14: Assigned Session ID
              5ac1
            800a 0000 000f  # M, length 10, 15: Call Serial Number
              0000 0001
            800a 0000 0012  # M, length 10, 18: Bearer Type
              0000 0000
            """),
    /** Of a broadband LAC, with numbers and the access line (RFC 5515). */
    ICRQ_ACCESS_LINE("""
            c802 007b                             # T, L, S, version 2; length 123
            2b07 0000                             # tunnel 11015, session 0
            0002 0001                             # Ns 2, Nr 1
            8008 0000 0000                        # M, length 8, 0: Message Type
              000a                                # ICRQ
            8008 0000 000e                        # M, length 8, 14: Assigned Session ID
              5ac1
            800a 0000 000f                        # M, length 10, 15: Call Serial Number
              1234 5678
            000a 0000 0019                        # -, length 10, 25: Physical Channel ID
              0000 0007
            800d 0000 0016                        # M, length 13, 22: Calling Number
              3535 3531 3030 30                   # "5551000"
            800d 0000 0015                        # M, length 13, 21: Called Number
              3535 3532 3030 30                   # "5552000"
            0006 0000 0062                        # -, length 6, 98: Connect Speed Update Enable
            0014 0de9 0001                        # -, length 20, vendor 3561, 1: Agent-Circuit-Id
              616e 3120 6574 6820 312f 323a 3335  # "an1 eth 1/2:35"
            000e 0de9 0082                        # -, length 14, vendor 3561, 130: Actual-Data-Rate-Downstream
              0000 0000 05f5 e100                 # 100 Mbit/s
            0009 0de9 0090                        # -, length 9, vendor 3561, 144: Access-Loop-Encapsulation
              0101 00                             # Ethernet, untagged
            """),
    ICRP("""
            c802 001c       # T, L, S, version 2; length 28
            1d3e 5ac1       # tunnel 7486, session 23233
            0001 0003       # Ns 1, Nr 3
            8008 0000 0000  # M, length 8, 0: Message Type
              000b          # ICRP
            8008 0000 000e  # M, length 8, 14: Assigned Session ID
              0042
            """),
    /** With proxy LCP and proxy CHAP authentication. */
    ICCN("""
            c802 00b6                                  # T, L, S, version 2; length 182
            2b07 0042                                  # tunnel 11015, session 66
            0003 0002                                  # Ns 3, Nr 2
            8008 0000 0000                             # M, length 8, 0: Message Type
              000c                                     # ICCN
            800a 0000 0018                             # M, length 10, 24: (Tx) Connect Speed
              0098 9680                                # 10 Mbit/s
            800a 0000 0013                             # M, length 10, 19: Framing Type
              0000 0001                                # synchronous
            0010 0000 001a                             # -, length 16, 26: Initial Received LCP CONFREQ
              0104 05d4 0506 4f8a 10c2                 # MRU 1492, magic number
            0011 0000 001b                             # -, length 17, 27: Last Sent LCP CONFREQ
              0305 c223 0505 0611 2233 44              # CHAP-MD5, magic number
            0010 0000 001c                             # -, length 16, 28: Last Received LCP CONFREQ
              0104 05d4 0506 4f8a 10c2
            0008 0000 001d                             # -, length 8, 29: Proxy Authen Type
              0002                                     # PPP CHAP
            000f 0000 001e                             # -, length 15, 30: Proxy Authen Name
              616c 6963 6540 6973 70                   # "alice@isp"
            000e 0000 001f                             # -, length 14, 31: Proxy Authen Challenge
              0102 0304 0506 0708
            0008 0000 0020                             # -, length 8, 32: Proxy Authen ID
              0011
            0016 0000 0021                             # -, length 22, 33: Proxy Authen Response
              c0ff ee00 c0ff ee11 c0ff ee22 c0ff ee33
            000a 0000 0025                             # -, length 10, 37: Private Group ID
              626c 7565                                # "blue"
            000a 0000 0026                             # -, length 10, 38: Rx Connect Speed
              000f 4240                                # 1 Mbit/s
            8006 0000 0027                             # M, length 6, 39: Sequencing Required
            """),
    /** With a Q.931 cause and a PPP disconnect cause (RFC 3145). */
    CDN("""
            c802 0040              # T, L, S, version 2; length 64
            1d3e 5ac1              # tunnel 7486, session 23233
            0002 0004              # Ns 2, Nr 4
            8008 0000 0000         # M, length 8, 0: Message Type
              000e                 # CDN
            800d 0000 0001         # M, length 13, 1: Result Code
              0003 0000 6279 65    # 3 administrative, no error, "bye"
            8008 0000 000e         # M, length 8, 14: Assigned Session ID
              0042
            8009 0000 000c         # M, length 9, 12: Q.931 Cause Code
              0010 45              # 16 normal clearing, DISCONNECT
            000e 0000 002e         # -, length 14, 46: PPP Disconnect Cause Code
              0003 c021 014c 4350  # 3, LCP, at the peer, "LCP"
            """),
    /** With a general error. */
    STOP_CCN("""
            c802 0032                                  # T, L, S, version 2; length 50
            2b07 0000                                  # tunnel 11015, session 0
            0004 0003                                  # Ns 4, Nr 3
            8008 0000 0000                             # M, length 8, 0: Message Type
              0004                                     # StopCCN
            8008 0000 0009                             # M, length 8, 9: Assigned Tunnel ID
              1d3e
            8016 0000 0001                             # M, length 22, 1: Result Code
              0002 0004 6e6f 2072 6573 6f75 7263 6573  # 2 general error, 4, "no resources"
            """),
    HELLO("""
            c802 0014       # T, L, S, version 2; length 20
            2b07 0000       # tunnel 11015, session 0
            0005 0003       # Ns 5, Nr 3
            8008 0000 0000  # M, length 8, 0: Message Type
              0006          # HELLO
            """),
    /** Acknowledges only. */
    ZLB("""
            c802 000c  # T, L, S, version 2; length 12
            1d3e 0000  # tunnel 7486, session 0
            0003 0006  # Ns 3, Nr 6
            """),
    WEN("""
            c802 0034                                  # T, L, S, version 2; length 52
            2b07 0042                                  # tunnel 11015, session 66
            0006 0003                                  # Ns 6, Nr 3
            8008 0000 0000                             # M, length 8, 0: Message Type
              000f                                     # WEN
            8020 0000 0022                             # M, length 32, 34: Call Errors
              0000 0000 0001 0000 0002 0000 0003 0000  # reserved, six counters
              0004 0000 0005 0000 0006
            """),
    SLI("""
            c802 0024                   # T, L, S, version 2; length 36
            1d3e 5ac1                   # tunnel 7486, session 23233
            0004 0007                   # Ns 4, Nr 7
            8008 0000 0000              # M, length 8, 0: Message Type
              0010                      # SLI
            8010 0000 0023              # M, length 16, 35: ACCM
              0000 ffff ffff 000a 0000  # reserved, send, receive
            """),
    /** RFC 4951 §5.1. */
    SCCRQ_FAILOVER("""
            c802 0044                # T, L, S, version 2; length 68
            0000 0000                # tunnel 0, session 0
            0000 0000                # Ns 0, Nr 0
            8008 0000 0000           # M, length 8, 0: Message Type
              0001                   # SCCRQ
            8008 0000 0002           # M, length 8, 2: Protocol Version
              0100
            800a 0000 0007           # M, length 10, 7: Host Name
              6c61 6331              # "lac1"
            800a 0000 0003           # M, length 10, 3: Framing Capabilities
              0000 0003
            8008 0000 0009           # M, length 8, 9: Assigned Tunnel ID
              1d3e
            000c 0000 004c           # -, length 12, 76: Failover Capability
              0001 0001 d4c0         # C, 120,000 ms
            """),
    /** RFC 4951 §5.2. */
    SCCRQ_RECOVERY("""
            c802 0048                # T, L, S, version 2; length 72
            0000 0000                # tunnel 0, session 0
            0000 0000                # Ns 0, Nr 0
            8008 0000 0000           # M, length 8, 0: Message Type
              0001                   # SCCRQ
            8008 0000 0002           # M, length 8, 2: Protocol Version
              0100
            800a 0000 0007           # M, length 10, 7: Host Name
              6c61 6331              # "lac1"
            800a 0000 0003           # M, length 10, 3: Framing Capabilities
              0000 0003
            8008 0000 0009           # M, length 8, 9: Assigned Tunnel ID
              1d40
            8010 0000 004d           # M, length 16, 77: Tunnel Recovery
              0000                   # reserved
              0000 1d3e 0000 2b07    # recover tunnel, recover remote tunnel
            """),
    /** RFC 4951 §5.3, with the numbers of its appendix A. */
    SCCRP_RECOVERY("""
            c802 0044                # T, L, S, version 2; length 68
            1d40 0000                # tunnel 7488, session 0
            0000 0001                # Ns 0, Nr 1
            8008 0000 0000           # M, length 8, 0: Message Type
              0002                   # SCCRP
            8008 0000 0002           # M, length 8, 2: Protocol Version
              0100
            800a 0000 0003           # M, length 10, 3: Framing Capabilities
              0000 0003
            800a 0000 0007           # M, length 10, 7: Host Name
              6c6e 7331              # "lns1"
            8008 0000 0009           # M, length 8, 9: Assigned Tunnel ID
              2b09
            000c 0000 004e           # -, length 12, 78: Suggested Control Sequence
              0000 0003 0064         # reserved, Ns 3, Nr 100
            """),
    /** RFC 4951 §4.1, two sessions. */
    FSQ("""
            c802 0034                # T, L, S, version 2; length 52
            2b07 0000                # tunnel 11015, session 0
            0007 0003                # Ns 7, Nr 3
            0008 0000 0000           # -, length 8, 0: Message Type
              0015                   # FSQ
            8010 0000 004f           # M, length 16, 79: Failover Session State
              0000                   # reserved
              0000 0042 0000 5ac1    # session, remote session
            8010 0000 004f           # M, length 16, 79: Failover Session State
              0000 0000 0043 0000 5ac2
            """),
    /** RFC 5515 §4.1, two sessions. */
    CSUN("""
            c802 0038                        # T, L, S, version 2; length 56
            2b07 0000                        # tunnel 11015, session 0
            0007 0003                        # Ns 7, Nr 3
            0008 0000 0000                   # -, length 8, 0: Message Type
              001c                           # CSUN
            0012 0000 0061                   # -, length 18, 97: Connect Speed Update
              0000 0042 001e 8480 0003 e800  # reserved, session, tx, rx
            0012 0000 0061                   # -, length 18, 97: Connect Speed Update
              0000 0043 002d c6c0 0007 d000
            """),
    /** Secret "s3cret"; the Calling Number spans two chunks, the session id has 6 octets of padding. */
    ICRQ_HIDDEN("""
            c802 0061                                  # T, L, S, version 2; length 97
            2b07 0000                                  # tunnel 11015, session 0
            0002 0001                                  # Ns 2, Nr 1
            8008 0000 0000                             # M, length 8, 0: Message Type
              000a                                     # ICRQ
            8016 0000 0024                             # M, length 22, 36: Random Vector
              f0e1 d2c3 b4a5 9687 7869 5a4b 3c2d 1e0f
            c010 0000 000e                             # MH, length 16, 14: Assigned Session ID
              29ed 607f 92d8 4a7e a447                 # 0002 5ac1 and padding, XOR MD5(000e "s3cret" vector)
            c00c 0000 000f                             # MH, length 12, 15: Call Serial Number
              1cad 2820 bdef                           # 0004 00000001, XOR MD5(000f "s3cret" vector)
            c01b 0000 0016                             # MH, length 27, 22: Calling Number
              ad09 0267 15a7 357e ae22 8330 4079 125c  # 0013 "+44 20 7946 0958 12"
              88dd 9fd3 da
            """);

    /** The secret of the hidden AVPs and of the challenge responses. */
    static final TunnelSecret SECRET = TunnelSecret.of("s3cret");

    private final String commentedHex;

    GoldenPacket(String commentedHex) {
        this.commentedHex = commentedHex;
    }

    byte[] octets() {
        return Bytes.ofHex(commentedHex.replaceAll("#.*", "").replaceAll("\\s", ""))
                .toByteArray();
    }
}
