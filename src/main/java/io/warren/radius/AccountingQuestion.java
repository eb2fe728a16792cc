package io.warren.radius;

import io.warren.control.port.AccountingRecord;
import io.warren.control.port.SessionCounters;
import io.warren.control.port.SubscriberIpv6;
import io.warren.wire.Bytes;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Accounting-Requests (RFC 2866 §4.1). What the subscriber sent is input, what he got is output. */
final class AccountingQuestion {
    /** Acct-Status-Type (RFC 2866 §5.1). */
    private static final int START = 1;

    private static final int STOP = 2;
    private static final int INTERIM_UPDATE = 3;
    static final int ACCOUNTING_ON = 7;
    static final int ACCOUNTING_OFF = 8;

    /** Acct-Authentic (RFC 2866 §5.6): RADIUS. */
    private static final int BY_RADIUS = 1;

    private static final int FRAMED = 2;
    private static final int PPP = 1;

    private AccountingQuestion() {}

    /** Says how late it is whenever it goes to another server. */
    static RadiusClient.Question of(AccountingRecord record, NasIdentity us, InstantSource clock) {
        return new RadiusClient.Question(
                RadiusCode.ACCOUNTING_REQUEST, () -> attributes(record, us, clock.instant()), null);
    }

    /** About all calls of this node: it has begun, or has ended (RFC 2866 §5.1). */
    static RadiusClient.Question ofNode(int status, NasIdentity us) {
        Attributes attributes = us.describeUs(Attributes.builder().integer(RadiusAttribute.ACCT_STATUS_TYPE, status))
                .text(RadiusAttribute.ACCT_SESSION_ID, "0")
                .build();
        return new RadiusClient.Question(RadiusCode.ACCOUNTING_REQUEST, () -> attributes, null);
    }

    static Attributes attributes(AccountingRecord record, NasIdentity us, Instant now) {
        Attributes.Builder to = Attributes.builder()
                .integer(
                        RadiusAttribute.ACCT_STATUS_TYPE,
                        switch (record.kind()) {
                            case START -> START;
                            case INTERIM -> INTERIM_UPDATE;
                            case STOP -> STOP;
                        })
                .text(RadiusAttribute.USER_NAME, record.user())
                .integer(RadiusAttribute.SERVICE_TYPE, FRAMED)
                .integer(RadiusAttribute.FRAMED_PROTOCOL, PPP)
                .integer(RadiusAttribute.ACCT_AUTHENTIC, BY_RADIUS);
        if (record.address() != 0) {
            to.integer(RadiusAttribute.FRAMED_IP_ADDRESS, record.address());
        }
        us.describe(record.call(), to);
        record.profile().classes().forEach(one -> to.octets(RadiusAttribute.CLASS, one));
        ipv6(record, to);
        to.integer(RadiusAttribute.EVENT_TIMESTAMP, record.at().getEpochSecond())
                .integer(RadiusAttribute.ACCT_DELAY_TIME, seconds(record.at(), now));
        if (record.kind() != AccountingRecord.Kind.START) {
            to.integer(RadiusAttribute.ACCT_SESSION_TIME, seconds(record.upSince(), record.at()));
            counters(record.counters(), to);
        }
        if (record.cause() != null) {
            to.integer(RadiusAttribute.ACCT_TERMINATE_CAUSE, record.cause().code());
        }
        return to.build();
    }

    /** What the call has, of RADIUS or of the pools. */
    private static void ipv6(AccountingRecord record, Attributes.Builder to) {
        SubscriberIpv6 ipv6 = record.profile().ipv6();
        if (ipv6 == null) {
            return;
        }
        ipv6.prefixes()
                .forEach(prefix ->
                        to.octets(RadiusAttribute.FRAMED_IPV6_PREFIX, prefix(prefix.length(), prefix.address())));
        ipv6.delegated()
                .forEach(prefix ->
                        to.octets(RadiusAttribute.DELEGATED_IPV6_PREFIX, prefix(prefix.length(), prefix.address())));
    }

    private static Bytes prefix(int length, Bytes address) {
        return Bytes.of(ByteBuffer.allocate(18)
                .put((byte) 0)
                .put((byte) length)
                .put(address.toByteArray())
                .array());
    }

    private static void counters(SessionCounters moved, Attributes.Builder to) {
        to.integer(RadiusAttribute.ACCT_INPUT_OCTETS, moved.upOctets())
                .integer(RadiusAttribute.ACCT_INPUT_GIGAWORDS, moved.upOctets() >>> 32)
                .integer(RadiusAttribute.ACCT_OUTPUT_OCTETS, moved.downOctets())
                .integer(RadiusAttribute.ACCT_OUTPUT_GIGAWORDS, moved.downOctets() >>> 32)
                .integer(RadiusAttribute.ACCT_INPUT_PACKETS, moved.upPackets())
                .integer(RadiusAttribute.ACCT_OUTPUT_PACKETS, moved.downPackets());
    }

    private static long seconds(Instant from, Instant to) {
        return Math.clamp(Duration.between(from, to).toSeconds(), 0, 0xffff_ffffL);
    }
}
