package io.warren.radius;

import io.warren.control.port.CallDetails;
import io.warren.control.port.SessionKey;
import io.warren.control.port.SubscriberAuthority.Rates;
import io.warren.control.port.SubscriberCalls.Found;
import io.warren.control.port.SubscriberCalls.Wanted;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a Disconnect-Request or CoA-Request asks for (RFC 5176 §3).
 *
 * @param identity which call is meant
 * @param rates null: as before
 * @param sessionTimeout, idleTimeout seconds; null: as before
 * @param until when the call is to end; null: as before
 * @param filters names of rule lists; null: as before
 */
record OutsideRequest(
        boolean disconnect,
        Identity identity,
        @Nullable Rates rates,
        @Nullable Integer sessionTimeout,
        @Nullable Integer idleTimeout,
        @Nullable Instant until,
        @Nullable List<String> filters) {
    /** Service-Type (RFC 5176 §3.2). */
    private static final int AUTHORIZE_ONLY = 17;

    /** Attributes that are understood, or mean nothing to the call. */
    private static final Set<RadiusAttribute> KNOWN = EnumSet.of(
            RadiusAttribute.USER_NAME,
            RadiusAttribute.NAS_IP_ADDRESS,
            RadiusAttribute.NAS_IDENTIFIER,
            RadiusAttribute.NAS_PORT,
            RadiusAttribute.NAS_PORT_ID,
            RadiusAttribute.NAS_PORT_TYPE,
            RadiusAttribute.FRAMED_IP_ADDRESS,
            RadiusAttribute.CALLED_STATION_ID,
            RadiusAttribute.CALLING_STATION_ID,
            RadiusAttribute.ACCT_SESSION_ID,
            RadiusAttribute.ACCT_TERMINATE_CAUSE,
            RadiusAttribute.EVENT_TIMESTAMP,
            RadiusAttribute.MESSAGE_AUTHENTICATOR,
            RadiusAttribute.PROXY_STATE,
            RadiusAttribute.REPLY_MESSAGE,
            RadiusAttribute.CLASS);

    /** Attributes that change a call. */
    private static final Set<RadiusAttribute> CHANGES =
            EnumSet.of(RadiusAttribute.SESSION_TIMEOUT, RadiusAttribute.IDLE_TIMEOUT);

    private static final int LARGEST_NUMBER = 255;

    /** Error-Cause (RFC 5176 §3.5). */
    enum ErrorCause {
        UNSUPPORTED_ATTRIBUTE(401),
        MISSING_ATTRIBUTE(402),
        NAS_IDENTIFICATION_MISMATCH(403),
        UNSUPPORTED_SERVICE(405),
        INVALID_ATTRIBUTE_VALUE(407),
        SESSION_CONTEXT_NOT_FOUND(503),
        RESOURCES_UNAVAILABLE(506),
        MULTIPLE_SESSION_SELECTION_UNSUPPORTED(508);

        private final int code;

        ErrorCause(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    /** A request that is asked for rightly, or what is wrong with it. */
    sealed interface Parsed {
        record Right(OutsideRequest request) implements Parsed {}

        record Wrong(ErrorCause cause) implements Parsed {}
    }

    /**
     * By what a call is meant; all that is said must fit it.
     *
     * @param key in its Acct-Session-Id, NAS-Port or NAS-Port-Id; null when none is there
     */
    record Identity(
            @Nullable SessionKey key,
            @Nullable String accountingId,
            @Nullable String user,
            @Nullable Integer address,
            @Nullable String callingNumber) {
        Wanted wanted() {
            return new Wanted(user, address);
        }

        boolean fits(Found call) {
            return (key == null || key.equals(call.key()))
                    && (accountingId == null || accountingId.equals(call.accountingId()))
                    && (user == null || user.equals(call.user()))
                    && (address == null || address == call.address())
                    && (callingNumber == null
                            || call.callingNumber() == null
                            || callingNumber.equals(call.callingNumber()));
        }
    }

    static Parsed of(RadiusPacket packet, NasIdentity us) {
        Attributes attributes = packet.attributes();
        boolean disconnect = packet.code() == RadiusCode.DISCONNECT_REQUEST;
        ErrorCause wrong = wrong(attributes, us, disconnect);
        if (wrong != null) {
            return new Parsed.Wrong(wrong);
        }
        Identity identity = identity(attributes);
        if (identity == null) {
            // an Acct-Session-Id or port that we never gave
            return new Parsed.Wrong(ErrorCause.SESSION_CONTEXT_NOT_FOUND);
        }
        if (identity.key() == null && identity.user() == null && identity.address() == null) {
            return new Parsed.Wrong(ErrorCause.MISSING_ATTRIBUTE);
        }
        OutsideRequest request = new OutsideRequest(
                disconnect,
                identity,
                RateAttributes.rates(attributes),
                timeout(attributes, RadiusAttribute.SESSION_TIMEOUT),
                timeout(attributes, RadiusAttribute.IDLE_TIMEOUT),
                AccessReply.end(attributes),
                filters(attributes));
        boolean nothing = request.rates() == null
                && request.sessionTimeout() == null
                && request.idleTimeout() == null
                && request.until() == null
                && request.filters() == null;
        return !disconnect && nothing ? new Parsed.Wrong(ErrorCause.MISSING_ATTRIBUTE) : new Parsed.Right(request);
    }

    private static @Nullable List<String> filters(Attributes attributes) {
        List<String> filters = AccessReply.profile(attributes).filters();
        return filters.isEmpty() ? null : filters;
    }

    private static @Nullable Integer timeout(Attributes attributes, RadiusAttribute type) {
        return attributes.has(type) ? (Integer) AccessReply.seconds(attributes, type) : null;
    }

    private static @Nullable ErrorCause wrong(Attributes attributes, NasIdentity us, boolean disconnect) {
        String identifier = attributes.text(RadiusAttribute.NAS_IDENTIFIER);
        Integer address = attributes.integer(RadiusAttribute.NAS_IP_ADDRESS);
        if ((identifier != null && !identifier.equals(us.identifier()))
                || (address != null
                        && us.address() != null
                        && address != us.address().bits())) {
            return ErrorCause.NAS_IDENTIFICATION_MISMATCH;
        }
        Integer service = attributes.integer(RadiusAttribute.SERVICE_TYPE);
        if (service != null && service == AUTHORIZE_ONLY) {
            return ErrorCause.UNSUPPORTED_SERVICE;
        }
        for (RadiusAttribute change : CHANGES) {
            if (attributes.has(change) && attributes.integer(change) == null) {
                return ErrorCause.INVALID_ATTRIBUTE_VALUE;
            }
        }
        try {
            AccessReply.end(attributes);
        } catch (IllegalArgumentException e) {
            return ErrorCause.INVALID_ATTRIBUTE_VALUE;
        }
        return allKnown(attributes, disconnect) ? null : ErrorCause.UNSUPPORTED_ATTRIBUTE;
    }

    private static boolean allKnown(Attributes attributes, boolean disconnect) {
        boolean[] known = new boolean[LARGEST_NUMBER + 1];
        KNOWN.forEach(type -> known[type.number()] = true);
        known[RadiusAttribute.SERVICE_TYPE.number()] = true;
        if (!disconnect) {
            CHANGES.forEach(type -> known[type.number()] = true);
            known[RadiusAttribute.FILTER_ID.number()] = true;
            known[RadiusAttribute.VENDOR_SPECIFIC.number()] = attributes.list().stream()
                    .filter(attribute -> attribute.number() == RadiusAttribute.VENDOR_SPECIFIC.number())
                    .map(attribute -> new Attributes(List.of(attribute)))
                    .allMatch(OutsideRequest::isRateOrTime);
        }
        return attributes.list().stream().allMatch(attribute -> known[attribute.number()]);
    }

    /** Of one attribute of a vendor: others than these are not known here. */
    private static boolean isRateOrTime(Attributes vendors) {
        try {
            return RateAttributes.rates(vendors) != null || AccessReply.end(vendors) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Null when the ways in which the call is named contradict each other, or one names no call that there could be. */
    private static @Nullable Identity identity(Attributes attributes) {
        String accountingId = attributes.text(RadiusAttribute.ACCT_SESSION_ID);
        String portId = attributes.text(RadiusAttribute.NAS_PORT_ID);
        Integer port = attributes.integer(RadiusAttribute.NAS_PORT);
        Set<@Nullable SessionKey> keys = new HashSet<>();
        if (accountingId != null) {
            keys.add(CallDetails.keyOf(accountingId));
        }
        if (portId != null) {
            keys.add(key(portId));
        }
        if (port != null) {
            keys.add(key((port >>> 16) + "-" + (port & 0xffff)));
        }
        if (keys.size() > 1 || keys.contains(null)) {
            return null;
        }
        return new Identity(
                keys.isEmpty() ? null : keys.iterator().next(),
                accountingId,
                attributes.text(RadiusAttribute.USER_NAME),
                attributes.integer(RadiusAttribute.FRAMED_IP_ADDRESS),
                attributes.text(RadiusAttribute.CALLING_STATION_ID));
    }

    private static @Nullable SessionKey key(String port) {
        try {
            return SessionKey.parse(port);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
