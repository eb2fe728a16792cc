package io.warren.radius;

import io.warren.control.port.SubscriberAuthority.Verdict;
import io.warren.ppp.Credentials;
import io.warren.ppp.EapRound;
import io.warren.wire.Bytes;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** EAP in RADIUS (RFC 3579): packets in as many EAP-Message attributes as they need, and what goes with them. */
final class EapMessages {
    /** Framed-MTU, RFC 2865 §5.12. */
    private static final int SMALLEST_MTU = 64;

    private EapMessages() {}

    /** Adds a Response, and the State of the challenge that it answers (RFC 3579 §3.1, RFC 2865 §5.24). */
    static void show(Credentials.Eap eap, Attributes.Builder to) {
        byte[] packet = eap.packet().toByteArray();
        for (int at = 0; at < packet.length; at += Attributes.LONGEST) {
            int end = Math.min(packet.length, at + Attributes.LONGEST);
            to.octets(RadiusAttribute.EAP_MESSAGE, Bytes.of(Arrays.copyOfRange(packet, at, end)));
        }
        EapRound round = eap.round();
        to.octets(RadiusAttribute.STATE, round == null ? null : round.state());
        // The server is to make no packet that the link does not carry (RFC 3579 §2.4).
        to.integer(RadiusAttribute.FRAMED_MTU, Math.max(eap.mtu(), SMALLEST_MTU));
    }

    /** The packet of these attributes' EAP-Messages; null when there is none. */
    static @Nullable Bytes joined(Attributes attributes) {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        attributes.all(RadiusAttribute.EAP_MESSAGE).forEach(part -> packet.writeBytes(part.toByteArray()));
        return packet.size() == 0 ? null : Bytes.of(packet.toByteArray());
    }

    /** What an Access-Challenge asks; Session-Timeout is the time for the Response (RFC 3579 §2.3). */
    static Verdict challenged(RadiusClient.Answer.Replied replied) {
        Attributes attributes = replied.packet().attributes();
        Bytes packet = joined(attributes);
        if (packet == null) {
            return new Verdict.Rejected("RADIUS server " + replied.server() + " asks for more, but not with EAP");
        }
        return new Verdict.Challenged(
                packet,
                new EapRound(replied.server(), attributes.first(RadiusAttribute.STATE)),
                Duration.ofSeconds(AccessReply.seconds(attributes, RadiusAttribute.SESSION_TIMEOUT)));
    }
}
