package io.warren.client;

import io.warren.control.port.SessionKey;
import io.warren.control.session.SessionEvent;
import io.warren.control.tunnel.TunnelEvent;

/** Is told what happens to a {@link TunnelEnd}, on the thread that drives it. May call back into it. */
public interface TunnelWatcher {
    void tunnelChanged(TunnelEvent event);

    void callChanged(SessionKey key, SessionEvent event);

    /** An IPv4 packet came through a call. */
    void packetArrived(SessionKey key, byte[] packet);
}
