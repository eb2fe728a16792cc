package io.warren.radius;

import io.warren.control.port.Ipv6Prefix;
import io.warren.wire.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a packet, in their order. What has not the form that is asked for counts as absent: a server's
 * mistake must not hurt more than the attribute that it is in.
 */
record Attributes(List<Attribute> list) {
    /** Octets of a value (RFC 2865 §5). */
    static final int LONGEST = 253;

    private static final int VENDOR_HEADER = 6;

    static final Attributes NONE = new Attributes(List.of());

    Attributes {
        list = List.copyOf(list);
    }

    /** @param number the attribute's type, 1 to 255 */
    record Attribute(int number, Bytes value) {}

    static Builder builder() {
        return new Builder();
    }

    boolean has(RadiusAttribute type) {
        return all(type).findAny().isPresent();
    }

    Stream<Bytes> all(RadiusAttribute type) {
        return list.stream()
                .filter(attribute -> attribute.number() == type.number())
                .map(Attribute::value);
    }

    @Nullable
    Bytes first(RadiusAttribute type) {
        return all(type).findFirst().orElse(null);
    }

    @Nullable
    String text(RadiusAttribute type) {
        return texts(type).findFirst().orElse(null);
    }

    Stream<String> texts(RadiusAttribute type) {
        return all(type).map(Attributes::utf8).filter(text -> !text.isEmpty());
    }

    @Nullable
    Integer integer(RadiusAttribute type) {
        return integer(first(type));
    }

    Stream<Ipv6Prefix> prefixes(RadiusAttribute type) {
        return all(type).map(Attributes::prefix).flatMap(Stream::ofNullable);
    }

    /** The values of a vendor's attribute. A Vendor-Specific may hold several (RFC 2865 §5.26). */
    List<Bytes> all(VendorAttribute type) {
        List<Bytes> found = new ArrayList<>();
        all(RadiusAttribute.VENDOR_SPECIFIC).forEach(value -> {
            byte[] octets = value.toByteArray();
            if (octets.length < VENDOR_HEADER || ByteBuffer.wrap(octets).getInt() != type.vendor()) {
                return;
            }
            int at = 4;
            while (at + 2 <= octets.length) {
                int length = octets[at + 1] & 0xff;
                if (length < 2 || at + length > octets.length) {
                    return;
                }
                if ((octets[at] & 0xff) == type.number()) {
                    found.add(Bytes.of(Arrays.copyOfRange(octets, at + 2, at + length)));
                }
                at += length;
            }
        });
        return found;
    }

    @Nullable
    Bytes first(VendorAttribute type) {
        List<Bytes> all = all(type);
        return all.isEmpty() ? null : all.getFirst();
    }

    @Nullable
    String text(VendorAttribute type) {
        Bytes value = first(type);
        return value == null ? null : utf8(value);
    }

    @Nullable
    Integer integer(VendorAttribute type) {
        return integer(first(type));
    }

    private static @Nullable Integer integer(@Nullable Bytes value) {
        return value == null || value.length() != 4
                ? null
                : (Integer) ByteBuffer.wrap(value.toByteArray()).getInt();
    }

    /** RFC 3162 §2.3: a reserved octet, the length, and as many octets as are needed. */
    private static @Nullable Ipv6Prefix prefix(Bytes value) {
        if (value.length() < 2 || value.length() > 18) {
            return null;
        }
        int length = value.at(1);
        if (length > 128 || (length + 7) / 8 > value.length() - 2) {
            return null;
        }
        byte[] octets = value.toByteArray();
        return Ipv6Prefix.of(Bytes.of(Arrays.copyOfRange(octets, 2, 18)), length);
    }

    private static String utf8(Bytes value) {
        return new String(value.toByteArray(), StandardCharsets.UTF_8);
    }

    /** Values may be secrets. */
    @Override
    public String toString() {
        return "Attributes" + list.stream().map(Attribute::number).toList();
    }

    /** Collects attributes; what is null is left out. */
    static final class Builder {
        private final List<Attribute> list = new ArrayList<>();

        Builder octets(RadiusAttribute type, @Nullable Bytes value) {
            if (value != null && value.length() <= LONGEST) {
                list.add(new Attribute(type.number(), value));
            }
            return this;
        }

        /** Cut after as many whole characters as fit; an empty text is left out (RFC 2865 §5). */
        Builder text(RadiusAttribute type, @Nullable String value) {
            if (value != null && !value.isEmpty()) {
                octets(type, Bytes.of(fitting(value, LONGEST)));
            }
            return this;
        }

        /** With a tag in front (RFC 2868 §3). */
        Builder tagged(RadiusAttribute type, int tag, @Nullable String value) {
            if (value != null && !value.isEmpty()) {
                byte[] text = fitting(value, LONGEST - 1);
                octets(
                        type,
                        Bytes.of(ByteBuffer.allocate(1 + text.length)
                                .put((byte) tag)
                                .put(text)
                                .array()));
            }
            return this;
        }

        /** The low 32 bits; of a tagged integer the high octet is the tag. */
        Builder integer(RadiusAttribute type, long value) {
            return octets(type, fourOctets(value));
        }

        Builder vendor(VendorAttribute type, @Nullable Bytes value) {
            return vendor(type.vendor(), type.number(), value);
        }

        Builder vendor(int vendor, int number, @Nullable Bytes value) {
            if (value != null && value.length() <= LONGEST - VENDOR_HEADER) {
                octets(
                        RadiusAttribute.VENDOR_SPECIFIC,
                        Bytes.of(ByteBuffer.allocate(VENDOR_HEADER + value.length())
                                .putInt(vendor)
                                .put((byte) number)
                                .put((byte) (2 + value.length()))
                                .put(value.toByteArray())
                                .array()));
            }
            return this;
        }

        Builder add(int number, Bytes value) {
            list.add(new Attribute(number, value));
            return this;
        }

        Builder addAll(Attributes others) {
            list.addAll(others.list());
            return this;
        }

        Attributes build() {
            return new Attributes(list);
        }

        private static Bytes fourOctets(long value) {
            return Bytes.of(ByteBuffer.allocate(4).putInt((int) value).array());
        }

        private static byte[] fitting(String text, int most) {
            byte[] octets = text.getBytes(StandardCharsets.UTF_8);
            if (octets.length <= most) {
                return octets;
            }
            int end = most;
            while (end > 0 && (octets[end] & 0xc0) == 0x80) {
                end--;
            }
            return Arrays.copyOf(octets, end);
        }
    }
}
