package io.warren.wire.l2tp;

import java.nio.charset.StandardCharsets;

/** The secret that two tunnel ends share (RFC 2661 §4.3, §5.1.1). Never printed. */
public final class TunnelSecret {
    private final byte[] octets;

    private TunnelSecret(byte[] octets) {
        this.octets = octets;
    }

    public static TunnelSecret of(String text) {
        return new TunnelSecret(text.getBytes(StandardCharsets.UTF_8));
    }

    byte[] octets() {
        return octets;
    }

    @Override
    public String toString() {
        return "TunnelSecret[hidden]";
    }
}
