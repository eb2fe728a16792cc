package io.warren.wire;

import java.util.Arrays;
import java.util.HexFormat;

/** An immutable run of bytes with value equality, for records that hold opaque octets. */
public final class Bytes {
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    /** Shared with the reader and writer of this package, which never write to it. */
    final byte[] octets;

    private Bytes(byte[] octets) {
        this.octets = octets;
    }

    /** Copies {@code octets}. */
    public static Bytes of(byte... octets) {
        return octets.length == 0 ? EMPTY : new Bytes(octets.clone());
    }

    /** Takes {@code octets} over: the caller must not change them any more. */
    static Bytes wrap(byte[] octets) {
        return octets.length == 0 ? EMPTY : new Bytes(octets);
    }

    /** @param hex two digits an octet, without separators */
    public static Bytes ofHex(String hex) {
        return wrap(HexFormat.of().parseHex(hex));
    }

    public int length() {
        return octets.length;
    }

    /** The octet at {@code index}, 0 to 255. */
    public int at(int index) {
        return octets[index] & 0xff;
    }

    /** A fresh copy. */
    public byte[] toByteArray() {
        return octets.clone();
    }

    public String toHex() {
        return HexFormat.of().formatHex(octets);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(octets, that.octets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(octets);
    }

    /** Length only: the octets may be a secret. */
    @Override
    public String toString() {
        return "Bytes[" + octets.length + "]";
    }
}
