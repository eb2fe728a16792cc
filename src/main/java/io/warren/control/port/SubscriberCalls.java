package io.warren.control.port;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Calls as somebody outside finds, changes and ends them. Stages fail when the node of a call does not answer in time. */
public interface SubscriberCalls {
    /**
     * A call that is connected.
     *
     * @param accountingId as in its {@link CallDetails}
     * @param user empty before somebody was let in
     * @param address 0 before there is one
     * @param up whether it can be changed
     * @param limits of a call that is up
     */
    record Found(
            SessionKey key,
            String accountingId,
            String user,
            int address,
            @Nullable String callingNumber,
            boolean up,
            TrafficLimits limits) {}

    /**
     * What to change of a call that is up; null: as before.
     *
     * @param sessionTimeout seconds from the call's start, 0 for never
     * @param idleTimeout seconds, 0 for never
     * @param until when the call is to end
     * @param filters names of rule lists
     * @param by who asks, for the journal
     */
    record Change(
            @Nullable TrafficLimits limits,
            @Nullable Integer sessionTimeout,
            @Nullable Integer idleTimeout,
            @Nullable Instant until,
            @Nullable List<String> filters,
            String by) {}

    /**
     * By what calls are meant when not by their keys; null: whatever it is. One of them at least is there.
     *
     * @param address as a big-endian int
     */
    record Wanted(@Nullable String user, @Nullable Integer address) {
        public boolean fits(String callsUser, int callsAddress) {
            return (user == null || user.equals(callsUser)) && (address == null || address == callsAddress);
        }
    }

    /** Whether there are rules for this Filter-Id. */
    boolean hasFilter(String filterId);

    /** The call with this key, on whichever node. */
    CompletionStage<Optional<Found>> find(SessionKey key);

    /** Calls that are meant, on all nodes. */
    CompletionStage<List<Found>> find(Wanted wanted);

    void change(SessionKey key, Change change);

    void end(SessionKey key, String by, String reason);
}
