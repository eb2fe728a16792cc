package io.warren.radius;

import io.warren.wire.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.aaa4j.radius.core.attribute.Attribute;
import org.aaa4j.radius.core.attribute.AttributeType;
import org.aaa4j.radius.core.attribute.CodecContext;
import org.aaa4j.radius.core.attribute.RawAttribute;
import org.aaa4j.radius.core.attribute.TunnelPasswordDataFilter;
import org.aaa4j.radius.core.attribute.UserPasswordDataFilter;
import org.aaa4j.radius.core.dictionary.AttributeDefinition;
import org.aaa4j.radius.core.dictionary.Dictionary;
import org.aaa4j.radius.core.dictionary.PacketDefinition;
import org.aaa4j.radius.core.dictionary.TlvDefinition;
import org.aaa4j.radius.core.packet.Packet;
import org.aaa4j.radius.core.packet.PacketCodec;
import org.aaa4j.radius.core.packet.PacketCodecException;
import org.aaa4j.radius.core.util.RandomProvider;
import org.aaa4j.radius.core.util.SecureRandomProvider;
import org.jspecify.annotations.Nullable;

/**
 * Packets to octets and back for one shared secret, over the library's codec. Here is what it leaves to its caller:
 * whether a datagram is genuine is decided before it is taken apart, in constant time, and by RFC 5176 for requests from
 * outside. Never throws for any octets.
 */
final class RadiusCodec {
    static final int AUTHENTICATOR = 16;

    static final int HEADER = 20;
    /** Octets of a packet (RFC 2865 §3). */
    static final int LARGEST = 4096;

    private static final int HASH_AT = 4;

    private static final RandomProvider RANDOM = new SecureRandomProvider();
    private static final Dictionary EVERY_ATTRIBUTE_RAW = new Raw();

    private final byte[] secret;

    RadiusCodec(String secret) {
        this.secret = secret.getBytes(StandardCharsets.UTF_8);
    }

    /** A genuine packet, or why it is none. */
    sealed interface Reading {
        record Genuine(RadiusPacket packet) implements Reading {}

        record Refused(Dropped why) implements Reading {}
    }

    /**
     * @param octets as sent
     * @param authenticator that the answer must fit to
     */
    record Request(Bytes octets, Bytes authenticator) {}

    /**
     * A request of ours. An Access-Request begins with its Message-Authenticator, so that no prefix of it can be made to
     * collide (RFC 3579 §3.2; draft-ietf-radext-deprecating-radius).
     *
     * @param password to be hidden as User-Password; null for none
     */
    Request request(int code, int identifier, Attributes attributes, @Nullable Bytes password) {
        byte[] authenticator = new byte[AUTHENTICATOR];
        RANDOM.nextBytes(authenticator);
        List<Attribute<?>> raw = new ArrayList<>();
        if (code == RadiusCode.ACCESS_REQUEST) {
            raw.add(new RawAttribute(RadiusAttribute.MESSAGE_AUTHENTICATOR.number(), new byte[AUTHENTICATOR]));
        }
        raw.addAll(raw(attributes));
        if (password != null) {
            raw.add(new RawAttribute(
                    RadiusAttribute.USER_PASSWORD.number(),
                    UserPasswordDataFilter.INSTANCE.encode(context(authenticator), password.toByteArray())));
        }
        try {
            byte[] octets = codec(identifier).encodeRequest(new Packet(code, raw), secret, authenticator);
            return new Request(Bytes.of(octets), Bytes.of(authenticator));
        } catch (PacketCodecException e) {
            throw new IllegalStateException(e); // raw attributes can always be written
        }
    }

    /**
     * An answer to a request of ours.
     *
     * @param demanded whether there must be a Message-Authenticator
     */
    Reading reply(byte[] datagram, byte[] requestAuthenticator, boolean demanded) {
        byte[] octets = whole(datagram);
        if (octets == null) {
            return new Reading.Refused(Dropped.MALFORMED);
        }
        byte[] stated = Arrays.copyOfRange(octets, HASH_AT, HEADER);
        byte[] signed = octets.clone();
        System.arraycopy(requestAuthenticator, 0, signed, HASH_AT, AUTHENTICATOR);
        if (!MessageDigest.isEqual(stated, md5(signed))) {
            return new Reading.Refused(Dropped.WRONG_AUTHENTICATOR);
        }
        Dropped wrong = messageAuthenticator(signed, demanded);
        if (wrong != null) {
            return new Reading.Refused(wrong);
        }
        try {
            return genuine(codec(0).decodeResponse(octets, secret, requestAuthenticator));
        } catch (PacketCodecException | RuntimeException e) {
            return new Reading.Refused(Dropped.MALFORMED);
        }
    }

    /**
     * A Disconnect-Request or CoA-Request: signed like an Accounting-Request (RFC 5176 §2.3), and its
     * Message-Authenticator, if any, over sixteen zeros (§3.4).
     */
    Reading fromOutside(byte[] datagram) {
        byte[] octets = whole(datagram);
        if (octets == null) {
            return new Reading.Refused(Dropped.MALFORMED);
        }
        byte[] stated = Arrays.copyOfRange(octets, HASH_AT, HEADER);
        byte[] signed = octets.clone();
        Arrays.fill(signed, HASH_AT, HEADER, (byte) 0);
        if (!MessageDigest.isEqual(stated, md5(signed))) {
            return new Reading.Refused(Dropped.WRONG_AUTHENTICATOR);
        }
        Dropped wrong = messageAuthenticator(signed, false);
        if (wrong != null) {
            return new Reading.Refused(wrong);
        }
        return new Reading.Genuine(new RadiusPacket(octets[0] & 0xff, octets[1] & 0xff, attributes(octets)));
    }

    /** Our answer to a request from outside; with a Message-Authenticator in front. */
    byte[] answer(int code, byte[] request, Attributes attributes) {
        List<Attribute<?>> raw = new ArrayList<>();
        raw.add(new RawAttribute(RadiusAttribute.MESSAGE_AUTHENTICATOR.number(), new byte[AUTHENTICATOR]));
        raw.addAll(raw(attributes));
        try {
            return codec(0).encodeResponse(
                            new Packet(code, raw),
                            secret,
                            request[1] & 0xff,
                            Arrays.copyOfRange(request, HASH_AT, HEADER));
        } catch (PacketCodecException e) {
            throw new IllegalStateException(e); // raw attributes can always be written
        }
    }

    /** A key that was hidden like a Tunnel-Password (RFC 2548 §2.4.2); null when it does not come out whole. */
    @Nullable
    Bytes unhidden(Bytes value, byte[] requestAuthenticator) {
        int salt = 2;
        if (value.length() <= salt || (value.length() - salt) % AUTHENTICATOR != 0) {
            return null;
        }
        byte[] key = TunnelPasswordDataFilter.INSTANCE.decode(context(requestAuthenticator), value.toByteArray());
        return key == null ? null : Bytes.of(key);
    }

    /** Without what may stand behind the packet (RFC 2865 §3, Length); null when its lengths contradict each other. */
    private static byte @Nullable [] whole(byte[] datagram) {
        if (datagram.length < HEADER) {
            return null;
        }
        int length = (datagram[2] & 0xff) << 8 | (datagram[3] & 0xff);
        if (length < HEADER || length > LARGEST || length > datagram.length) {
            return null;
        }
        int at = HEADER;
        while (at < length) {
            if (at + 2 > length || (datagram[at + 1] & 0xff) < 2) {
                return null;
            }
            at += datagram[at + 1] & 0xff;
        }
        return at == length ? Arrays.copyOf(datagram, length) : null;
    }

    /** @param signed the packet with the authenticator that the value is made over */
    private @Nullable Dropped messageAuthenticator(byte[] signed, boolean demanded) {
        int found = -1;
        for (int at = HEADER; at < signed.length; at += signed[at + 1] & 0xff) {
            if ((signed[at] & 0xff) == RadiusAttribute.MESSAGE_AUTHENTICATOR.number()) {
                if (found >= 0 || (signed[at + 1] & 0xff) != 2 + AUTHENTICATOR) {
                    return Dropped.WRONG_MESSAGE_AUTHENTICATOR;
                }
                found = at + 2;
            }
        }
        if (found < 0) {
            return demanded ? Dropped.NO_MESSAGE_AUTHENTICATOR : null;
        }
        byte[] stated = Arrays.copyOfRange(signed, found, found + AUTHENTICATOR);
        byte[] blank = signed.clone();
        Arrays.fill(blank, found, found + AUTHENTICATOR, (byte) 0);
        return MessageDigest.isEqual(stated, hmacMd5(blank)) ? null : Dropped.WRONG_MESSAGE_AUTHENTICATOR;
    }

    private static Reading genuine(Packet packet) {
        Attributes.Builder attributes = Attributes.builder();
        for (Attribute<?> attribute : packet.getAttributes()) {
            if (attribute instanceof RawAttribute raw) {
                attributes.add(raw.getType().head(), Bytes.of(raw.getData().getValue()));
            }
        }
        return new Reading.Genuine(
                new RadiusPacket(packet.getCode(), packet.getReceivedFields().getIdentifier(), attributes.build()));
    }

    /** The library's own reading of requests knows neither RFC 5176's authenticator nor its Message-Authenticator. */
    private static Attributes attributes(byte[] octets) {
        Attributes.Builder attributes = Attributes.builder();
        for (int at = HEADER; at < octets.length; at += octets[at + 1] & 0xff) {
            attributes.add(
                    octets[at] & 0xff, Bytes.of(Arrays.copyOfRange(octets, at + 2, at + (octets[at + 1] & 0xff))));
        }
        return attributes.build();
    }

    private static List<RawAttribute> raw(Attributes attributes) {
        return attributes.list().stream()
                .map(attribute ->
                        new RawAttribute(attribute.number(), attribute.value().toByteArray()))
                .toList();
    }

    private static PacketCodec codec(int identifier) {
        return new PacketCodec(EVERY_ATTRIBUTE_RAW, RANDOM, () -> identifier);
    }

    private CodecContext context(byte[] authenticator) {
        return new CodecContext(EVERY_ATTRIBUTE_RAW, secret, authenticator, RANDOM);
    }

    private byte[] md5(byte[] octets) {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            md5.update(octets);
            return md5.digest(secret);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing); // every Java platform has MD5
        }
    }

    private byte[] hmacMd5(byte[] octets) {
        try {
            Mac mac = Mac.getInstance("HmacMD5");
            mac.init(new SecretKeySpec(secret, "HmacMD5"));
            return mac.doFinal(octets);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    /** Leaves every attribute as it is: what its octets mean is asked for by name, and wrong ones hurt nobody else. */
    private static final class Raw implements Dictionary {
        @Override
        public @Nullable PacketDefinition getPacketDefinition(int code) {
            return null;
        }

        @Override
        public @Nullable AttributeDefinition<?, ?> getAttributeDefinition(AttributeType type) {
            return null;
        }

        @Override
        public @Nullable AttributeDefinition<?, ?> getAttributeDefinition(String name) {
            return null;
        }

        @Override
        public @Nullable Integer getNumericAttributeValue(AttributeType type, String name) {
            return null;
        }

        @Override
        public @Nullable TlvDefinition getTlvDefinition(AttributeType type) {
            return null;
        }
    }
}
