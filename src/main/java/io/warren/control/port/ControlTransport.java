package io.warren.control.port;

/** Sends a datagram. Never blocks for long, never throws: a datagram that cannot leave is counted and lost. */
@FunctionalInterface
public interface ControlTransport {
    void send(PeerPath path, byte[] datagram);
}
