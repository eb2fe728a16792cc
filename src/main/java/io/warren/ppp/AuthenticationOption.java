package io.warren.ppp;

import io.warren.wire.Bytes;
import io.warren.wire.ppp.LcpOption;
import io.warren.wire.ppp.PppProtocol;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@link AuthenticationMethod}s as LCP writes them (RFC 1334 §2.1, RFC 1994 §3, RFC 2759 §2, RFC 2284 §3). */
final class AuthenticationOption {
    private static final Bytes MD5 = Bytes.of((byte) 5);
    private static final Bytes MS_CHAP_V2 = Bytes.of((byte) 0x81);

    private AuthenticationOption() {}

    static LcpOption.Authentication of(AuthenticationMethod method) {
        return switch (method) {
            case PAP -> new LcpOption.Authentication(PppProtocol.PAP, Bytes.EMPTY);
            case CHAP_MD5 -> new LcpOption.Authentication(PppProtocol.CHAP, MD5);
            case MSCHAP_V2 -> new LcpOption.Authentication(PppProtocol.CHAP, MS_CHAP_V2);
            case EAP -> new LcpOption.Authentication(PppProtocol.EAP, Bytes.EMPTY);
        };
    }

    /** Null for a method that we do not know. */
    static @Nullable AuthenticationMethod methodOf(LcpOption.Authentication option) {
        for (AuthenticationMethod method : AuthenticationMethod.values()) {
            if (of(method).equals(option)) {
                return method;
            }
        }
        return null;
    }

    /** The strongest of {@code methods}, which must not be empty. */
    static AuthenticationMethod best(Set<AuthenticationMethod> methods) {
        if (methods.contains(AuthenticationMethod.MSCHAP_V2)) {
            return AuthenticationMethod.MSCHAP_V2;
        }
        if (methods.contains(AuthenticationMethod.CHAP_MD5)) {
            return AuthenticationMethod.CHAP_MD5;
        }
        return methods.contains(AuthenticationMethod.EAP) ? AuthenticationMethod.EAP : AuthenticationMethod.PAP;
    }
}
