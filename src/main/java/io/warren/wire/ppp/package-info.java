/**
 * PPP frames and the packets of LCP, CCP, IPCP, PAP and CHAP: bytes to records and back (RFC 1661 §2 and §5, RFC 1332,
 * RFC 1877, RFC 1334, RFC 1994). What a packet means, and when one may be sent, is not decided here.
 */
@NullMarked
package io.warren.wire.ppp;

import org.jspecify.annotations.NullMarked;
