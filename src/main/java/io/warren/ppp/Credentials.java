package io.warren.ppp;

import io.warren.wire.Bytes;
import org.jspecify.annotations.Nullable;

/** What a peer offered to prove who it is. Never prints a secret. */
public sealed interface Credentials {
    String user();

    /** PAP, RFC 1334 §2. */
    record Pap(String user, Bytes password) implements Credentials {
        @Override
        public String toString() {
            return "Pap[user=" + user + "]";
        }
    }

    /** CHAP with MD5, RFC 1994. */
    record ChapMd5(String user, int id, Bytes challenge, Bytes response) implements Credentials {
        @Override
        public String toString() {
            return "ChapMd5[user=" + user + "]";
        }
    }

    /**
     * MS-CHAPv2, RFC 2759.
     *
     * @param response the 49 octets of the Response's value field: peer challenge, reserved, NT response, flags
     */
    record MsChapV2(String user, int id, Bytes challenge, Bytes response) implements Credentials {
        @Override
        public String toString() {
            return "MsChapV2[user=" + user + "]";
        }
    }

    /**
     * One Response of an EAP conversation, RFC 3748.
     *
     * @param user the identity that the peer gave at first
     * @param packet the Response, as it came
     * @param mtu the longest EAP packet that the peer takes, in octets
     * @param round in which it was given; null for the answer to our own question for the identity
     */
    record Eap(String user, Bytes packet, int mtu, @Nullable EapRound round) implements Credentials {
        @Override
        public String toString() {
            return "Eap[user=" + user + ", octets=" + packet.length() + "]";
        }
    }
}
