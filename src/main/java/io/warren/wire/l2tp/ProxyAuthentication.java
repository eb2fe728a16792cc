package io.warren.wire.l2tp;

import io.warren.wire.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * What the LAC learned when it authenticated the caller itself (RFC 2661 §4.4.5).
 *
 * @param type Proxy Authen Type: 1 textual, 2 CHAP, 3 PAP, 4 none, 5 MS-CHAPv1
 * @param response the answer to the challenge, or the PAP password: a secret
 */
public record ProxyAuthentication(
        int type,
        @Nullable String name,
        @Nullable Bytes challenge,
        @Nullable Integer id,
        @Nullable Bytes response) {
    @Override
    public String toString() {
        return "ProxyAuthentication[type=" + type + ", name=" + name + "]";
    }
}
