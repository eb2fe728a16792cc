package io.warren.radius;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.config.Ipv4;
import io.warren.control.port.SubscriberAuthority.Rates;
import io.warren.control.port.TrafficLimits;
import io.warren.wire.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Octets of any kind, also rightly signed ones: a server's mistake, or somebody who knows the secret. Nothing throws. */
class HostileRadiusTest {
    private static final String SECRET = "open-sesame";
    private static final NasIdentity US = new NasIdentity("lns", Ipv4.parse("192.0.2.1"));
    private static final List<Integer> CODES = List.of(
            RadiusCode.ACCESS_ACCEPT,
            RadiusCode.ACCESS_REJECT,
            RadiusCode.ACCOUNTING_RESPONSE,
            RadiusCode.DISCONNECT_REQUEST,
            RadiusCode.COA_REQUEST);

    private final long seed = Long.getLong("warren.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final RadiusCodec codec = new RadiusCodec(SECRET);
    private int genuine;

    private byte[] octets(int length) {
        byte[] octets = new byte[length];
        random.nextBytes(octets);
        return octets;
    }

    /** Texts that look nearly like rates and ids. */
    private byte[] text() {
        String letters = "0123456789/:kMG -abcdefx.";
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(20); n > 0; n--) {
            text.append(letters.charAt(random.nextInt(letters.length())));
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private byte[] value() {
        return switch (random.nextInt(4)) {
            case 0 -> text();
            case 1 -> octets(4);
            case 2 -> octets(random.nextInt(24));
            default -> octets(random.nextInt(Attributes.LONGEST + 1));
        };
    }

    /** A vendor's attribute whose length is mostly right. */
    private byte[] vendorValue() {
        VendorAttribute[] types = VendorAttribute.values();
        VendorAttribute type = types[random.nextInt(types.length)];
        byte[] inside = random.nextInt(4) == 0 ? octets(random.nextInt(60)) : random.nextBoolean() ? text() : octets(4);
        int length = random.nextInt(8) == 0 ? random.nextInt(256) : 2 + inside.length;
        return ByteBuffer.allocate(6 + inside.length)
                .putInt(type.vendor())
                .put((byte) type.number())
                .put((byte) length)
                .put(inside)
                .array();
    }

    private void putAttribute(ByteBuffer to) {
        RadiusAttribute[] types = RadiusAttribute.values();
        int number = random.nextInt(4) == 0 ? random.nextInt(256) : types[random.nextInt(types.length)].number();
        byte[] value = number == RadiusAttribute.VENDOR_SPECIFIC.number() ? vendorValue() : value();
        // one that is not made for the packet would be refused before anything else is looked at
        if (number == RadiusAttribute.MESSAGE_AUTHENTICATOR.number() && random.nextInt(8) != 0) {
            return;
        }
        to.put((byte) number).put((byte) (2 + value.length)).put(value);
    }

    /** @param authenticator of the request; zeros for a request from outside */
    private byte[] signed(byte[] authenticator) throws Exception {
        ByteBuffer packet = ByteBuffer.allocate(4_096);
        packet.put(CODES.get(random.nextInt(CODES.size())).byteValue())
                .put((byte) random.nextInt())
                .putShort((short) 0)
                .put(authenticator);
        for (int n = random.nextInt(8); n > 0; n--) {
            putAttribute(packet);
        }
        byte[] octets = Arrays.copyOf(packet.array(), packet.position());
        ByteBuffer.wrap(octets).putShort(2, (short) octets.length);
        MessageDigest md5 = MessageDigest.getInstance("MD5");
        md5.update(octets);
        byte[] signature = md5.digest(SECRET.getBytes(StandardCharsets.UTF_8));
        System.arraycopy(signature, 0, octets, 4, signature.length);
        return octets;
    }

    /** All that is asked of packets. */
    private void use(RadiusCodec.Reading reading) {
        if (!(reading instanceof RadiusCodec.Reading.Genuine(RadiusPacket packet))) {
            return;
        }
        genuine++;
        Attributes attributes = packet.attributes();
        for (RadiusAttribute type : RadiusAttribute.values()) {
            attributes.text(type);
            attributes.integer(type);
            attributes
                    .prefixes(type)
                    .forEach(prefix -> assertThat(prefix.length()).isBetween(0, 128));
        }
        for (VendorAttribute type : VendorAttribute.values()) {
            attributes.text(type);
            attributes.integer(type);
        }
        Rates rates = RateAttributes.rates(attributes);
        if (rates != null) {
            rates.in(TrafficLimits.NONE);
        }
        AccessReply.profile(attributes);
        EapMessages.joined(attributes);
        assertThat(OutsideRequest.of(packet, US)).isNotNull();
        assertThat(attributes.toString()).isNotNull();
    }

    @Test
    void anyDatagramIsReadOrRefused() {
        byte[] authenticator = octets(RadiusCodec.AUTHENTICATOR);
        for (int n = 0; n < 50_000; n++) {
            byte[] octets = octets(random.nextInt(120));
            if (octets.length > 20 && random.nextBoolean()) {
                ByteBuffer.wrap(octets).putShort(2, (short) (octets.length - random.nextInt(3)));
            }
            try {
                use(codec.reply(octets, authenticator, random.nextBoolean()));
                use(codec.fromOutside(octets));
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        assertThat(genuine).as("forged; seed %d", seed).isZero();
    }

    @Test
    void anythingThatIsSignedIsTakenOrLeft() throws Exception {
        byte[] zeros = new byte[RadiusCodec.AUTHENTICATOR];
        for (int n = 0; n < 20_000; n++) {
            byte[] authenticator = octets(RadiusCodec.AUTHENTICATOR);
            byte[] reply = signed(authenticator);
            byte[] request = signed(zeros);
            try {
                use(codec.reply(reply, authenticator, false));
                use(codec.fromOutside(request));
                codec.unhidden(Bytes.of(octets(random.nextInt(60))), authenticator);
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        assertThat(genuine).as("seed %d", seed).isGreaterThan(30_000);
    }

    /** Rates come from texts that people write. */
    @Test
    void anyTextIsARateOrNone() {
        for (int n = 0; n < 50_000; n++) {
            Attributes attributes = Attributes.builder()
                    .vendor(VendorAttribute.MIKROTIK_RATE_LIMIT, Bytes.of(text()))
                    .octets(RadiusAttribute.FILTER_ID, Bytes.of(text()))
                    .build();
            try {
                Rates rates = RateAttributes.rates(attributes);
                if (rates != null) {
                    TrafficLimits limits = rates.in(TrafficLimits.NONE);
                    assertThat(limits.upRate()).isNotNegative();
                    assertThat(limits.downRate()).isNotNegative();
                }
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }
}
