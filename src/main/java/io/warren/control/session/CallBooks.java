package io.warren.control.session;

import io.warren.control.port.AccountingRecord;
import io.warren.control.port.AccountingRecord.Kind;
import io.warren.control.port.SessionCounters;
import io.warren.control.port.SubscriberProfile;
import io.warren.control.port.TerminateCause;
import io.warren.control.session.SessionState.Established;
import io.warren.control.session.SessionState.Live;
import io.warren.control.session.SessionState.Owing;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The accounting of a call. What is owed follows from the journal: a start since the call was up, until it is
 * acknowledged; a stop since it is over, until that is. So both are told until somebody has them, in this order, over
 * outages and restarts; an acknowledgement that is lost with its node makes the same record come twice, under the same
 * Acct-Session-Id. Updates are told once.
 */
final class CallBooks {
    private static final Duration FIRST_RETRY = Duration.ofSeconds(2);
    private static final int DOUBLINGS = 4;

    /** Updates of calls that began together shall not come together: a tenth earlier or later. */
    private static final double JITTER = 0.1;

    private final SessionStep step;
    private final long now;

    CallBooks(SessionStep step) {
        this.step = step;
        this.now = step.moment().nanos();
    }

    /** Whether a call that comes up now will be told of. */
    static boolean areKept(SessionSettings settings, Established call) {
        return settings.accounting() != null && !Forwarding.isLac(call);
    }

    /** The call is up, for the first time or anew, or was taken up again after a restart. */
    void goOn() {
        if (!(step.state() instanceof Established call) || !isTold(call) || call.live() == null) {
            return;
        }
        if (call.books().started()) {
            plan(call, Reporting.next(nextInterim(call)));
        } else if (call.live().reporting().asked() == null) {
            tell(call, Kind.START);
        }
    }

    void tick() {
        if (!(step.state() instanceof Established call)
                || call.live() == null
                || call.live().ending() != null
                || now < call.live().reporting().due()) {
            return;
        }
        if (call.books().started()) {
            note(call);
            if (step.state() instanceof Established noted) {
                tell(noted, Kind.INTERIM);
            }
        } else {
            tell(call, Kind.START);
        }
    }

    void answered(Established call, SessionInput.Accounted answer) {
        Live live = call.live();
        if (live == null || answer.record().kind() != Kind.START || !isOf(call, answer.record())) {
            return;
        }
        if (answer.acknowledged()) {
            step.happened(new SessionEvent.AccountingStarted(step.moment().wall()));
            if (step.state() instanceof Established started) {
                plan(started, Reporting.next(nextInterim(started)));
            }
        } else {
            plan(call, live.reporting().failed(retry(live.reporting())));
        }
    }

    /** What the call has moved goes into the journal: with an update, and before it moves to another node. */
    void note(Established call) {
        SessionSettings.Accounting accounting = step.settings().accounting();
        if (accounting != null && call.books().accounted()) {
            call.books()
                    .unnoted(Forwarding.meters(call, step), step.moment().wall())
                    .forEach(step::happened);
        }
    }

    /** The call is over and owes its stop. */
    static void over(SessionStep step, Established call, CallEnd end, SessionCounters total) {
        Live live = call.live();
        step.happened(new SessionEvent.Over(
                step.moment().wall(),
                end.by(),
                end.reason(),
                end.result(),
                end.cause(),
                total,
                end.terminate().code()));
        step.leave();
        if (!(step.state() instanceof Owing owing)) {
            return;
        }
        if (live != null && live.reporting().asked() != null) {
            step.become(owing.with(live.reporting()));
        } else {
            new CallBooks(step).settle(owing);
        }
    }

    /** Tells what is owed next. */
    void settle(Owing owing) {
        if (step.settings().accounting() == null) {
            close(owing);
            return;
        }
        Kind kind = owing.books().started() ? Kind.STOP : Kind.START;
        step.become(owing.with(owing.reporting().asking(kind)));
        step.effect(new SessionEffect.Account(record(owing, kind)));
    }

    void tick(Owing owing) {
        if (now >= owing.reporting().due()) {
            settle(owing);
        }
    }

    void answered(Owing owing, SessionInput.Accounted answer) {
        Kind kind = answer.record().kind();
        if (kind != owing.reporting().asked()
                || !answer.record().call().equals(owing.connected().details())) {
            return;
        }
        if (!answer.acknowledged()) {
            step.become(owing.with(owing.reporting().failed(retry(owing.reporting()))));
        } else if (kind == Kind.STOP) {
            close(owing);
        } else {
            step.happened(new SessionEvent.AccountingStarted(step.moment().wall()));
            if (step.state() instanceof Owing started) {
                settle(started.with(Reporting.NONE));
            }
        }
    }

    private void close(Owing owing) {
        step.happened(owing.over().settled());
        step.stop();
    }

    private void tell(Established call, Kind kind) {
        Live live = call.live();
        if (live == null) {
            return;
        }
        plan(
                call,
                kind == Kind.INTERIM
                        ? Reporting.next(nextInterim(call))
                        : live.reporting().asking(kind));
        step.effect(new SessionEffect.Account(
                record(call, kind, step.moment().wall(), Forwarding.total(call, step), null)));
    }

    private void plan(Established call, Reporting reporting) {
        Live live = call.live();
        if (live != null) {
            step.become(call.with(live.with(reporting)));
        }
    }

    private static boolean isTold(Established call) {
        return call.books().accounted() && call.network() != null;
    }

    private static boolean isOf(Established call, AccountingRecord record) {
        return record.call().equals(call.connected().details());
    }

    private static AccountingRecord record(
            Established call, Kind kind, Instant at, SessionCounters total, @Nullable TerminateCause cause) {
        SessionEvent.NetworkUp network = call.network();
        Instant upSince = call.upSince();
        return new AccountingRecord(
                kind,
                call.connected().details(),
                network == null ? "" : network.user(),
                network == null ? 0 : network.link().peerAddress(),
                call.profile(),
                upSince == null ? at : upSince,
                kind == Kind.START && upSince != null ? upSince : at,
                kind == Kind.START ? SessionCounters.ZERO : total,
                cause);
    }

    private static AccountingRecord record(Owing owing, Kind kind) {
        SessionEvent.Over over = owing.over();
        TerminateCause cause = null;
        for (TerminateCause known : TerminateCause.values()) {
            if (known.code() == over.terminateCause()) {
                cause = known;
            }
        }
        return record(owing.call(), kind, over.at(), over.counters(), kind == Kind.STOP ? cause : null);
    }

    private long nextInterim(Established call) {
        SubscriberProfile profile = call.profile();
        SessionSettings.Accounting accounting = step.settings().accounting();
        Duration usual = accounting == null ? Duration.ZERO : accounting.interim();
        Duration interval = profile.interimInterval() == 0 ? usual : Duration.ofSeconds(profile.interimInterval());
        return interval.isZero() ? Long.MAX_VALUE : step.in(jittered(interval));
    }

    private long retry(Reporting reporting) {
        return step.in(jittered(FIRST_RETRY.multipliedBy(1L << Math.min(reporting.failures(), DOUBLINGS))));
    }

    private Duration jittered(Duration plain) {
        double factor = 1 - JITTER + 2 * JITTER * step.moment().random().nextDouble();
        return Duration.ofNanos((long) (plain.toNanos() * factor));
    }
}
