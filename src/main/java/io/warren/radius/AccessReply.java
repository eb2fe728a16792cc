package io.warren.radius;

import io.warren.config.IsoTime;
import io.warren.control.port.AccessRequest;
import io.warren.control.port.Ipv6Prefix;
import io.warren.control.port.MppeKeys;
import io.warren.control.port.SubscriberAuthority.Verdict;
import io.warren.control.port.SubscriberIpv6;
import io.warren.control.port.SubscriberProfile;
import io.warren.control.port.SubscriberTerms;
import io.warren.ppp.Credentials;
import io.warren.wire.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What an answer to an Access-Request means for a call. */
final class AccessReply {
    /** Framed-IP-Address: the subscriber may choose (RFC 2865 §5.8). */
    private static final int CHOSEN_BY_USER = 0xffff_ffff;

    /** Framed-IP-Address: we choose. */
    private static final int CHOSEN_BY_NAS = 0xffff_fffe;

    /** RFC 2869 §5.16: seconds, no shorter. */
    private static final int SHORTEST_INTERIM = 60;

    /** RFC 2759 §5: {@code S=} and forty digits. */
    private static final int MSCHAP_SUCCESS = 42;

    /** Service-Type (RFC 2865 §5.6). */
    private static final int FRAMED = 2;

    /** Octets of an Accounting-Request, of 4,096, that are for Class attributes. */
    private static final int ROOM_FOR_CLASS = 2_048;

    private static final int ATTRIBUTE_HEADER = 2;

    /** Framed-Protocol (RFC 2865 §5.7). */
    private static final int PPP = 1;

    private AccessReply() {}

    static Verdict verdict(AccessRequest request, RadiusClient.Answer answer) {
        return verdict(request, answer, _ -> {});
    }

    /** @param complaints is told of what is left out because it cannot be used */
    static Verdict verdict(AccessRequest request, RadiusClient.Answer answer, Consumer<String> complaints) {
        return switch (answer) {
            case RadiusClient.Answer.Unanswered(String reason) -> new Verdict.Unavailable(reason);
            case RadiusClient.Answer.Replied replied ->
                switch (replied.packet().code()) {
                    case RadiusCode.ACCESS_ACCEPT -> accepted(request, replied, complaints);
                    case RadiusCode.ACCESS_REJECT -> rejected(replied);
                    default ->
                        request.credentials() instanceof Credentials.Eap
                                ? EapMessages.challenged(replied)
                                : new Verdict.Rejected("RADIUS server " + replied.server() + " asks for more");
                };
        };
    }

    private static Verdict rejected(RadiusClient.Answer.Replied replied) {
        String words = replied.packet().attributes().text(RadiusAttribute.REPLY_MESSAGE);
        return new Verdict.Rejected(
                "rejected by RADIUS server " + replied.server() + (words == null ? "" : ": " + words),
                EapMessages.joined(replied.packet().attributes()));
    }

    private static Verdict accepted(
            AccessRequest request, RadiusClient.Answer.Replied replied, Consumer<String> complaints) {
        Attributes attributes = replied.packet().attributes();
        MppeKeys keys = keys(attributes, replied.unhide());
        String unavailable = unavailable(attributes, keys);
        if (unavailable != null) {
            return new Verdict.Rejected("RADIUS server " + replied.server() + " " + unavailable);
        }
        String proof = null;
        if (request.credentials() instanceof Credentials.MsChapV2) {
            proof = proof(attributes);
            if (proof == null) {
                // the subscriber would hang up on us: he wants to be shown that we know his password, too
                return new Verdict.Rejected("RADIUS server " + replied.server() + " sent no MS-CHAP2-Success");
            }
        }
        String name = attributes.text(RadiusAttribute.USER_NAME);
        Integer stated = attributes.integer(RadiusAttribute.FRAMED_IP_ADDRESS);
        int address = stated == null ? 0 : stated;
        boolean ours = address == 0 || address == CHOSEN_BY_NAS || address == CHOSEN_BY_USER;
        return new Verdict.Accepted(
                name == null ? request.credentials().user() : name,
                ours ? 0 : address,
                attributes.text(RadiusAttribute.FRAMED_POOL),
                address == CHOSEN_BY_USER,
                Stream.of(VendorAttribute.MS_PRIMARY_DNS_SERVER, VendorAttribute.MS_SECONDARY_DNS_SERVER)
                        .map(attributes::integer)
                        .flatMap(Stream::ofNullable)
                        .filter(server -> server != 0)
                        .toList(),
                RateAttributes.rates(attributes),
                proof,
                profile(attributes).with(terms(attributes, ours ? 0 : address, complaints)),
                keys,
                EapMessages.joined(attributes),
                calls(attributes));
    }

    /** Port-Limit (RFC 2865 §5.42); 0, which would let nobody in, says nothing. */
    private static int calls(Attributes attributes) {
        Integer limit = attributes.integer(RadiusAttribute.PORT_LIMIT);
        return limit == null ? 0 : limit < 0 ? Integer.MAX_VALUE : limit;
    }

    /** What it allows that there is not here, which makes it a Reject (RFC 2865 §5.6 and §5.7); null: nothing. */
    private static @Nullable String unavailable(Attributes attributes, @Nullable MppeKeys keys) {
        Integer service = attributes.integer(RadiusAttribute.SERVICE_TYPE);
        Integer protocol = attributes.integer(RadiusAttribute.FRAMED_PROTOCOL);
        Integer encryption = attributes.integer(VendorAttribute.MS_MPPE_ENCRYPTION_POLICY);
        if (service != null && service != FRAMED) {
            return "allows no Framed service but Service-Type " + service;
        } else if (protocol != null && protocol != PPP) {
            return "allows not PPP but Framed-Protocol " + protocol;
        } else if (encryption != null && encryption == MppeKeys.REQUIRED) {
            return keys != null && keys.areWhole() ? null : "demands encryption and sends no keys for it";
        }
        return null;
    }

    private static SubscriberTerms terms(Attributes attributes, int address, Consumer<String> complaints) {
        Integer mtu = attributes.integer(RadiusAttribute.FRAMED_MTU);
        Instant until = null;
        try {
            until = end(attributes);
        } catch (IllegalArgumentException e) {
            complaints.accept("WISPr-Session-Terminate-Time is left out: " + e.getMessage());
        }
        return new SubscriberTerms(
                RouteAttributes.read(attributes, address, complaints),
                mtu == null || mtu < SubscriberTerms.LEAST_MTU ? 0 : mtu,
                until,
                false);
    }

    /**
     * WISPr-Session-Terminate-Time; null when absent.
     *
     * @throws IllegalArgumentException when it is no time
     */
    static @Nullable Instant end(Attributes attributes) {
        String text = attributes.text(VendorAttribute.WISPR_SESSION_TERMINATE_TIME);
        return text == null ? null : IsoTime.parse(text);
    }

    /** Also what a CoA-Request says of a subscriber. */
    static SubscriberProfile profile(Attributes attributes) {
        int interim = seconds(attributes, RadiusAttribute.ACCT_INTERIM_INTERVAL);
        return new SubscriberProfile(
                seconds(attributes, RadiusAttribute.SESSION_TIMEOUT),
                seconds(attributes, RadiusAttribute.IDLE_TIMEOUT),
                interim == 0 ? 0 : Math.max(interim, SHORTEST_INTERIM),
                classes(attributes),
                attributes
                        .texts(RadiusAttribute.FILTER_ID)
                        .filter(filter -> !RateAttributes.isRate(filter))
                        .toList(),
                ipv6(attributes));
    }

    /** As many as an Accounting-Request has room for beside all else. */
    private static List<Bytes> classes(Attributes attributes) {
        List<Bytes> kept = new ArrayList<>();
        int room = ROOM_FOR_CLASS;
        for (Bytes one : attributes.all(RadiusAttribute.CLASS).toList()) {
            room -= ATTRIBUTE_HEADER + one.length();
            if (room < 0) {
                break;
            }
            kept.add(one);
        }
        return kept;
    }

    /** 0 when absent; more than fits counts as the most that does, some sixty years. */
    static int seconds(Attributes attributes, RadiusAttribute type) {
        Integer seconds = attributes.integer(type);
        return seconds == null ? 0 : seconds < 0 ? Integer.MAX_VALUE : seconds;
    }

    private static @Nullable SubscriberIpv6 ipv6(Attributes attributes) {
        Bytes interfaceId = attributes.first(RadiusAttribute.FRAMED_INTERFACE_ID);
        SubscriberIpv6 ipv6 = new SubscriberIpv6(
                attributes.prefixes(RadiusAttribute.FRAMED_IPV6_PREFIX).toList(),
                attributes.prefixes(RadiusAttribute.DELEGATED_IPV6_PREFIX).toList(),
                interfaceId == null || interfaceId.length() != 8
                        ? null
                        : (Long) ByteBuffer.wrap(interfaceId.toByteArray()).getLong(),
                addresses(attributes, RadiusAttribute.FRAMED_IPV6_ADDRESS)
                        .findFirst()
                        .map(address -> Ipv6Prefix.of(address, 128))
                        .orElse(null),
                attributes.text(RadiusAttribute.FRAMED_IPV6_POOL),
                attributes.text(RadiusAttribute.DELEGATED_IPV6_PREFIX_POOL),
                attributes.text(RadiusAttribute.STATEFUL_IPV6_ADDRESS_POOL),
                addresses(attributes, RadiusAttribute.DNS_SERVER_IPV6_ADDRESS).toList(),
                attributes.texts(RadiusAttribute.FRAMED_IPV6_ROUTE).toList());
        return ipv6.equals(SubscriberIpv6.NONE) ? null : ipv6;
    }

    private static Stream<Bytes> addresses(Attributes attributes, RadiusAttribute type) {
        return attributes.all(type).filter(address -> address.length() == 16);
    }

    /** RFC 2548 §2.3.3: the identifier, then the text. */
    private static @Nullable String proof(Attributes attributes) {
        Bytes success = attributes.first(VendorAttribute.MS_CHAP2_SUCCESS);
        if (success == null || success.length() < 1 + MSCHAP_SUCCESS) {
            return null;
        }
        String text = new String(success.toByteArray(), 1, MSCHAP_SUCCESS, StandardCharsets.US_ASCII);
        return text.matches("S=[0-9A-Fa-f]{40}") ? text : null;
    }

    private static @Nullable MppeKeys keys(Attributes attributes, RadiusClient.Unhide unhide) {
        Bytes send = attributes.first(VendorAttribute.MS_MPPE_SEND_KEY);
        Bytes receive = attributes.first(VendorAttribute.MS_MPPE_RECV_KEY);
        Bytes sendKey = send == null ? null : unhide.open(send);
        Bytes receiveKey = receive == null ? null : unhide.open(receive);
        if (sendKey == null || receiveKey == null) {
            return null;
        }
        Integer policy = attributes.integer(VendorAttribute.MS_MPPE_ENCRYPTION_POLICY);
        Integer types = attributes.integer(VendorAttribute.MS_MPPE_ENCRYPTION_TYPES);
        return new MppeKeys(sendKey, receiveKey, policy == null ? 0 : policy, types == null ? 0 : types);
    }
}
