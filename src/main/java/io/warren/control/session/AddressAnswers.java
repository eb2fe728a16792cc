package io.warren.control.session;

import io.warren.control.Tally;
import io.warren.control.port.AccessDecision;
import io.warren.control.port.AccessRequest;
import io.warren.control.port.SessionKey;
import io.warren.control.port.SubscriberAccess;
import io.warren.control.port.SubscriberPrefixes;
import java.util.function.Consumer;

/**
 * Asks for what a call may lease, and brings it the answers. What an answer gives to a call that is over by then goes
 * back at once: there is nobody left to do that.
 */
final class AddressAnswers {
    private final SessionKey key;
    private final SubscriberAccess access;
    private final Tally tally;
    private final Consumer<SessionInput> call;
    private Line line = new Line();

    /** @param call where answers go; takes them from any thread */
    AddressAnswers(SessionKey key, SubscriberAccess access, Tally tally, Consumer<SessionInput> call) {
        this.key = key;
        this.access = access;
        this.tally = tally;
        this.call = call;
    }

    /** From those who answer to one call. */
    private final class Line {
        private boolean cut;

        /** What was sent before this is on its way to the call before anything that the caller does next. */
        private synchronized void cut() {
            cut = true;
        }

        /** Whether the answer is on its way to the call. */
        private synchronized boolean send(SessionInput answer) {
            if (!cut) {
                call.accept(answer);
            }
            return !cut;
        }
    }

    void request(AccessRequest request) {
        Line mine = line;
        access.decide(request).whenComplete((decision, failure) -> {
            AccessDecision answer = failure == null
                    ? decision
                    : new AccessDecision.Denied("the access decision failed: " + failure, true);
            if (!mine.send(new SessionInput.AccessDecided(request, answer))
                    && answer instanceof AccessDecision.Granted granted) {
                giveBack(granted);
            }
        });
    }

    void lease(int address) {
        Line mine = line;
        access.lease(key, address).whenComplete((granted, failure) -> {
            boolean leased = failure == null && granted;
            if (!mine.send(new SessionInput.AddressLeased(address, leased)) && leased) {
                tally.count("address leased after the call", "session " + key);
                access.release(key, address);
            }
        });
    }

    private void giveBack(AccessDecision.Granted late) {
        tally.count("access granted after the call", "session " + key);
        access.release(key, late.address());
        SubscriberPrefixes.indices(late.profile()).forEach(index -> access.release(key, index));
    }

    /** The call is over; another one may follow. */
    void over() {
        line.cut();
        line = new Line();
        access.over(key);
    }
}
