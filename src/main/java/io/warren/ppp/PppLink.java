package io.warren.ppp;

import io.warren.wire.Bytes;
import java.util.random.RandomGenerator;

/** One end of a PPP link, immutable: each input gives the next link and what to do. */
public final class PppLink {
    private PppLink() {}

    /** The end that authenticates and assigns addresses. */
    public static PppLink server(LinkSettings settings) {
        throw new UnsupportedOperationException();
    }

    /** The end that dials. */
    public static PppLink client(LinkSettings settings, ClientIdentity identity) {
        throw new UnsupportedOperationException();
    }

    /** An open server link that goes on after a restart. */
    public static PppLink resumed(LinkSettings settings, LinkParameters parameters, long now) {
        throw new UnsupportedOperationException();
    }

    /** The call is up: begin LCP. {@code now} is monotonic nanoseconds, here and below. */
    public LinkStep lowerUp(long now, RandomGenerator random) {
        throw new UnsupportedOperationException();
    }

    /** A frame as it followed the L2TP header. Garbage is dropped or rejected as the RFC says, never thrown. */
    public LinkStep received(Bytes frame, long now, RandomGenerator random) {
        throw new UnsupportedOperationException();
    }

    /** Answers {@link LinkOutput.AuthenticationRequested}. */
    public LinkStep authenticated(AuthenticationOutcome outcome, long now, RandomGenerator random) {
        throw new UnsupportedOperationException();
    }

    /** Answers {@link LinkOutput.AddressWished}. */
    public LinkStep addressDecided(int address, boolean granted, long now, RandomGenerator random) {
        throw new UnsupportedOperationException();
    }

    /** Any traffic from the peer was seen since: resets the echo keepalive. */
    public PppLink trafficSeen(long now) {
        throw new UnsupportedOperationException();
    }

    /** Sends a Terminate-Request; LinkDown follows when it is answered or given up. */
    public LinkStep close(String reason, long now, RandomGenerator random) {
        throw new UnsupportedOperationException();
    }

    /** To be called at or after {@link #deadline}. */
    public LinkStep tick(long now, RandomGenerator random) {
        throw new UnsupportedOperationException();
    }

    /** When {@link #tick} is due next; {@link Long#MAX_VALUE} for never. */
    public long deadline() {
        throw new UnsupportedOperationException();
    }

    /** For people: dead, establish, authenticate, network, open, terminate. */
    public String phase() {
        throw new UnsupportedOperationException();
    }
}
