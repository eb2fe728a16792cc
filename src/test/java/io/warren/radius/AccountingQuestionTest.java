package io.warren.radius;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.config.RadiusSettings.MessageAuthenticator;
import io.warren.control.port.AccountingRecord;
import io.warren.control.port.AccountingRecord.Kind;
import io.warren.control.port.SessionCounters;
import io.warren.control.port.SubscriberProfile;
import io.warren.control.port.TerminateCause;
import io.warren.wire.Bytes;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AccountingQuestionTest {
    private static final Instant UP = Instant.ofEpochSecond(1_000);
    private static final Instant END = Instant.ofEpochSecond(4_600);
    private static final NasIdentity US = new NasIdentity("lns", null);

    private static AccountingRecord record(Kind kind) {
        return new AccountingRecord(
                kind,
                AccessQuestionTest.CALL,
                "alice",
                0x0a000007,
                new SubscriberProfile(0, 0, 0, List.of(Bytes.ofHex("01"), Bytes.ofHex("02")), List.of(), null),
                UP,
                kind == Kind.START ? UP : END,
                new SessionCounters(7, (3L << 32) + 5, 8, (4L << 32) + 6, 0),
                kind == Kind.STOP ? TerminateCause.IDLE_TIMEOUT : null);
    }

    @Test
    void aStopSaysWhatWasUsedAndHowLateItIs() {
        Attributes stop = AccountingQuestion.attributes(record(Kind.STOP), US, END.plusSeconds(60));
        assertThat(stop.integer(RadiusAttribute.ACCT_STATUS_TYPE)).isEqualTo(2);
        assertThat(stop.text(RadiusAttribute.USER_NAME)).isEqualTo("alice");
        assertThat(stop.text(RadiusAttribute.ACCT_SESSION_ID)).isEqualTo(AccessQuestionTest.CALL.accountingId());
        assertThat(stop.integer(RadiusAttribute.FRAMED_IP_ADDRESS)).isEqualTo(0x0a000007);
        assertThat(stop.integer(RadiusAttribute.ACCT_SESSION_TIME)).isEqualTo(3_600);
        assertThat(stop.integer(RadiusAttribute.ACCT_DELAY_TIME)).isEqualTo(60);
        assertThat(stop.integer(RadiusAttribute.EVENT_TIMESTAMP)).isEqualTo(4_600);
        assertThat(stop.integer(RadiusAttribute.ACCT_INPUT_OCTETS)).isEqualTo(5);
        assertThat(stop.integer(RadiusAttribute.ACCT_INPUT_GIGAWORDS)).isEqualTo(3);
        assertThat(stop.integer(RadiusAttribute.ACCT_OUTPUT_OCTETS)).isEqualTo(6);
        assertThat(stop.integer(RadiusAttribute.ACCT_OUTPUT_GIGAWORDS)).isEqualTo(4);
        assertThat(stop.integer(RadiusAttribute.ACCT_INPUT_PACKETS)).isEqualTo(7);
        assertThat(stop.integer(RadiusAttribute.ACCT_OUTPUT_PACKETS)).isEqualTo(8);
        assertThat(stop.integer(RadiusAttribute.ACCT_TERMINATE_CAUSE)).isEqualTo(4);
        assertThat(stop.all(RadiusAttribute.CLASS)).containsExactly(Bytes.ofHex("01"), Bytes.ofHex("02"));
    }

    @Test
    void aStartHasNoCounters() {
        Attributes start = AccountingQuestion.attributes(record(Kind.START), US, UP);
        assertThat(start.integer(RadiusAttribute.ACCT_STATUS_TYPE)).isEqualTo(1);
        assertThat(start.integer(RadiusAttribute.ACCT_DELAY_TIME)).isZero();
        assertThat(start.has(RadiusAttribute.ACCT_SESSION_TIME)).isFalse();
        assertThat(start.has(RadiusAttribute.ACCT_INPUT_OCTETS)).isFalse();
        assertThat(AccountingQuestion.attributes(record(Kind.INTERIM), US, END)
                        .integer(RadiusAttribute.ACCT_STATUS_TYPE))
                .isEqualTo(3);
    }

    /** RFC 2866 §3: the authenticator is made of the packet, and the answer's of that. */
    @Test
    void aServerAcknowledgesWhatIsSignedRightly() throws Exception {
        try (FakeServer server = new FakeServer();
                Radius radius =
                        Radius.start(FakeServer.settings(server.server("one", 1, MessageAuthenticator.REQUIRE)))) {
            server.script = request -> List.of(
                    FakeServer.bare(request, RadiusCode.ACCOUNTING_RESPONSE, FakeServer.SECRET, Attributes.NONE));
            assertThat(radius.report(record(Kind.STOP)).toCompletableFuture().get(5, TimeUnit.SECONDS))
                    .isTrue();
            byte[] octets = server.take().octets();
            byte[] blank = octets.clone();
            Arrays.fill(blank, 4, 20, (byte) 0);
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            md5.update(blank);
            assertThat(md5.digest(FakeServer.SECRET.getBytes())).isEqualTo(Arrays.copyOfRange(octets, 4, 20));
        }
    }

    @Test
    void whatNobodyAcknowledgesIsNotDone() throws Exception {
        try (FakeServer server = new FakeServer();
                Radius radius =
                        Radius.start(FakeServer.settings(server.server("one", 1, MessageAuthenticator.REQUIRE)))) {
            assertThat(radius.report(record(Kind.STOP)).toCompletableFuture().get(5, TimeUnit.SECONDS))
                    .isFalse();
        }
    }
}
