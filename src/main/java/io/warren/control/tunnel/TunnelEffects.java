package io.warren.control.tunnel;

import io.warren.control.port.SessionKey;
import io.warren.control.session.SessionInput;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Carries out what a {@link TunnelDecider} wants done, and keeps what is put off. For the actor of one tunnel. */
final class TunnelEffects {
    /** More than a tunnel's calls have to say in a minute; what is over is lost. */
    private static final int LARGEST_WAITING = 16_384;

    private static final long RETRY_NANOS = Duration.ofMillis(250).toNanos();

    private final int tunnelId;
    private final TunnelWorld world;
    private final Runnable stop;
    private final List<TunnelInput> later = new ArrayList<>();

    /** @param stop what {@link TunnelEffect.Stop} does */
    TunnelEffects(int tunnelId, TunnelWorld world, Runnable stop) {
        this.tunnelId = tunnelId;
        this.world = world;
        this.stop = stop;
    }

    void run(List<TunnelEffect> effects) {
        for (TunnelEffect effect : effects) {
            switch (effect) {
                case TunnelEffect.Transmit(var path, var datagram) ->
                    world.transport().send(path, datagram.toByteArray());
                case TunnelEffect.StartCall(var call) ->
                    world.sessions().tell(call.key(), new SessionInput.Offered(call));
                case TunnelEffect.Deliver(int sessionId, int ns, var message) ->
                    world.sessions().tell(new SessionKey(tunnelId, sessionId), new SessionInput.Control(ns, message));
                case TunnelEffect.EndCall(int sessionId, String reason) ->
                    world.sessions().tell(new SessionKey(tunnelId, sessionId), new SessionInput.TunnelDown(reason));
                case TunnelEffect.Dropped(String reason) -> world.tally().count(reason, "tunnel " + tunnelId);
                case TunnelEffect.Later(TunnelInput input) -> putOff(input);
                case TunnelEffect.Stop() -> stop.run();
            }
        }
    }

    private void putOff(TunnelInput input) {
        if (later.size() < LARGEST_WAITING) {
            later.add(input);
        } else {
            world.tally().count("too-many-waiting", "tunnel " + tunnelId);
        }
    }

    /** The peer sends its packets again, and deadlines are found again. */
    void putOffUnlessRepeated(TunnelInput input) {
        switch (input) {
            case TunnelInput.Received _,
                    TunnelInput.Recover _,
                    TunnelInput.DataSeen _,
                    TunnelInput.Tick _,
                    TunnelInput.Resume _ -> {}
            case TunnelInput.Open _,
                    TunnelInput.Close _,
                    TunnelInput.PlaceCall _,
                    TunnelInput.Send _,
                    TunnelInput.Handled _ -> putOff(input);
        }
    }

    boolean hasLater() {
        return !later.isEmpty();
    }

    /** What was put off, in order; nothing is after that. */
    List<TunnelInput> takeLater() {
        List<TunnelInput> taken = List.copyOf(later);
        later.clear();
        return taken;
    }

    /** When to look at the tunnel next. While the journal is gone, what is due stays so: not all the time, then. */
    long nextLook(TunnelState state, long now, boolean writable) {
        long soon = now + RETRY_NANOS;
        long deadline = TunnelDecider.deadline(state);
        if (!writable) {
            deadline = Math.max(deadline, soon);
        }
        return later.isEmpty() ? deadline : Math.min(deadline, soon);
    }
}
