package io.warren.control.session;

import akka.actor.typed.ActorRef;
import io.warren.control.MomentSource;
import io.warren.control.Tally;
import io.warren.control.ingress.SessionDirectory;
import io.warren.control.port.Availability;
import io.warren.control.port.ControlTransport;
import io.warren.control.port.SessionPlane;
import io.warren.control.port.SubscriberAccess;
import io.warren.control.port.SubscriberAccounting;
import io.warren.control.tunnel.TunnelInput;
import java.util.function.Consumer;

/** What a {@link SessionEntity} can reach. */
public record SessionWorld(
        MomentSource clock,
        ControlTransport transport,
        SessionPlane plane,
        SubscriberAccess access,
        SubscriberAccounting accounting,
        Tunnels tunnels,
        SessionDirectory sessions,
        SessionLog log,
        Tally tally,
        Availability journal,
        Consumer<ActorRef<SessionCommand>> passivate) {
    /** Reaches the tunnel that a session is in. */
    @FunctionalInterface
    public interface Tunnels {
        void tell(int tunnelId, TunnelInput input);
    }
}
