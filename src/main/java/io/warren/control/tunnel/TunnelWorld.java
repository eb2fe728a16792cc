package io.warren.control.tunnel;

import akka.actor.typed.ActorRef;
import io.warren.control.MomentSource;
import io.warren.control.Strain;
import io.warren.control.Tally;
import io.warren.control.ingress.TunnelDirectory;
import io.warren.control.port.Availability;
import io.warren.control.port.ControlTransport;
import io.warren.control.port.SessionKey;
import io.warren.control.session.SessionInput;
import java.util.function.Consumer;

/** What a {@link TunnelEntity} can reach. */
public record TunnelWorld(
        MomentSource clock,
        ControlTransport transport,
        Sessions sessions,
        TunnelDirectory tunnels,
        TunnelLog log,
        Tally tally,
        Availability journal,
        Strain strain,
        Consumer<ActorRef<TunnelCommand>> passivate) {
    /** Reaches a session wherever it lives, and starts it when it does not run. */
    @FunctionalInterface
    public interface Sessions {
        void tell(SessionKey key, SessionInput input);
    }
}
