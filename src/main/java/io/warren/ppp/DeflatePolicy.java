package io.warren.ppp;

/**
 * Whether a link's packets are compressed with Deflate (RFC 1979), as far as its settings say.
 *
 * @param use when
 * @param window the largest that the peer shall use when it compresses: 2<sup>8</sup> to 2<sup>15</sup> octets, as 8 to
 *     15; ours has 2<sup>15</sup>
 */
public record DeflatePolicy(Use use, int window) {
    /** Exponents of a window's size. */
    public static final int LEAST_WINDOW = 8;

    public static final int MOST_WINDOW = 15;

    public static final DeflatePolicy OFF = new DeflatePolicy(Use.OFF, MOST_WINDOW);

    /** When packets are compressed. */
    public enum Use {
        /** Never. */
        OFF,
        /** When the peer asks for it. */
        ALLOW,
        /** When the peer can. */
        PREFER,
        /** Always: a peer that cannot has no link. */
        REQUIRE
    }

    public DeflatePolicy {
        if (window < LEAST_WINDOW || window > MOST_WINDOW) {
            throw new IllegalArgumentException("a window is 8 to 15, not " + window);
        }
    }

    boolean isOn() {
        return use != Use.OFF;
    }

    /** Whether we ask first. */
    boolean asksFirst() {
        return use == Use.PREFER || use == Use.REQUIRE;
    }
}
