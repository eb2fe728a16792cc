package io.warren.ppp;

/** What a link may ask for with the Authentication-Protocol option (RFC 1661 §6.2). */
public enum AuthenticationMethod {
    PAP,
    CHAP_MD5,
    MSCHAP_V2,
    EAP
}
