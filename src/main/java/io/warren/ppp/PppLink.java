package io.warren.ppp;

import io.warren.wire.Bytes;
import io.warren.wire.ppp.PppProtocol;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One end of a PPP link, immutable: each input gives the next link and what to do. LCP first, then authentication, then
 * CCP where packets are to be encrypted or compressed, IPCP and IPv6CP (RFC 1661 §3.2). The link is for IPv4 once IPCP is open and for IPv6 once IPv6CP is; it lasts while one
 * of them is open or may yet open.
 *
 * <p>After {@link LinkOutput.LinkDown}, which comes exactly once, inputs yield nothing. Of two questions of the same
 * kind the second is not asked before the first is answered. A wished address that was granted but is not the
 * {@code peerAddress} of the next {@link LinkOutput.NetworkUp} is not used, nor is an assigned one that differs from it.
 */
public final class PppLink {
    /** Octets of a user name or a password (RFC 1334 §2.2.1). */
    private static final int NAME_LIMIT = 255;

    private final LinkState state;

    private PppLink(LinkState state) {
        this.state = state;
    }

    /** The end that authenticates and assigns addresses. */
    public static PppLink server(LinkSettings settings) {
        return initial(settings, null, IpcpNegotiation.server(settings.address(), 0, List.of(), List.of()));
    }

    /** The end that dials. */
    public static PppLink client(LinkSettings settings, ClientIdentity identity) {
        if (identity.user().getBytes(StandardCharsets.UTF_8).length > NAME_LIMIT
                || identity.password().length() > NAME_LIMIT) {
            throw new IllegalArgumentException("user and password are limited to " + NAME_LIMIT + " octets each");
        }
        return initial(settings, identity, IpcpNegotiation.client(settings.address()));
    }

    /**
     * An open server link that goes on after a restart. One that was encrypted cannot: its keys are gone. It has to begin
     * anew, with LCP, as {@link #server}.
     */
    public static PppLink resumed(LinkSettings settings, LinkParameters parameters, long now) {
        LcpNegotiation lcp = LcpNegotiation.of(settings, null).resumed(parameters);
        return new PppLink(new LinkState(
                settings,
                null,
                ControlProtocol.opened(PppProtocol.LCP, settings, lcp),
                NetworkLayer.resumed(settings, parameters, now),
                null,
                null,
                LinkState.Question.NONE,
                Long.MAX_VALUE,
                1,
                Keepalive.of(settings).started(now),
                null,
                true,
                false));
    }

    /** The call is up: begin LCP. {@code now} is monotonic nanoseconds, here and below. */
    public LinkStep lowerUp(long now, RandomGenerator random) {
        LinkTurn turn = new LinkTurn(state, now, random);
        turn.lowerUp();
        return step(turn);
    }

    /** The call is up, and the LAC has gone ahead of us: begin where it left off, as far as we follow it. */
    public LinkStep lowerUp(ProxiedLcp proxied, long now, RandomGenerator random) {
        LinkTurn turn = new LinkTurn(state, now, random);
        turn.lowerUp(proxied);
        return step(turn);
    }

    /** A frame as it followed the L2TP header. Garbage is dropped or rejected as the RFC says, never thrown. */
    public LinkStep received(Bytes frame, long now, RandomGenerator random) {
        LinkTurn turn = new LinkTurn(state, now, random);
        turn.received(frame);
        return step(turn);
    }

    /** Answers {@link LinkOutput.AuthenticationRequested}. */
    public LinkStep authenticated(AuthenticationOutcome outcome, long now, RandomGenerator random) {
        LinkTurn turn = new LinkTurn(state, now, random);
        turn.authenticated(outcome);
        return step(turn);
    }

    /** The same for a peer that is to have no IPv6: to be called before it is let in. */
    public PppLink withoutIpv6() {
        return new PppLink(state.with(state.settings().withIpv6(false)));
    }

    /** Answers {@link LinkOutput.AddressWished}. */
    public LinkStep addressDecided(int address, boolean granted, long now, RandomGenerator random) {
        LinkTurn turn = new LinkTurn(state, now, random);
        turn.addressDecided(address, granted);
        return step(turn);
    }

    /** Any traffic from the peer was seen since: resets the echo keepalive. */
    public PppLink trafficSeen(long now) {
        return new PppLink(state.withKeepalive(state.keepalive().heard(now)));
    }

    /** Sends a Terminate-Request; LinkDown follows when it is answered or given up. */
    public LinkStep close(String reason, long now, RandomGenerator random) {
        LinkTurn turn = new LinkTurn(state, now, random);
        turn.close(reason);
        return step(turn);
    }

    /** To be called at or after {@link #deadline}. */
    public LinkStep tick(long now, RandomGenerator random) {
        LinkTurn turn = new LinkTurn(state, now, random);
        turn.tick();
        return step(turn);
    }

    /** When {@link #tick} is due next; {@link Long#MAX_VALUE} for never. */
    public long deadline() {
        return state.deadline();
    }

    /** How packets are encrypted now; null: they are not. */
    public @Nullable MppeSession mppe() {
        return state.network().encryption().session();
    }

    /** How packets are compressed now; null: they are not. */
    public @Nullable DeflateSession deflate() {
        return state.network().encryption().compression().session();
    }

    /** For people: dead, establish, authenticate, network, open, terminate. */
    public String phase() {
        return state.phase();
    }

    private static PppLink initial(LinkSettings settings, @Nullable ClientIdentity identity, IpcpNegotiation ipcp) {
        return new PppLink(new LinkState(
                settings,
                identity,
                ControlProtocol.initial(PppProtocol.LCP, settings, LcpNegotiation.of(settings, identity)),
                NetworkLayer.initial(settings, ipcp),
                null,
                null,
                LinkState.Question.NONE,
                Long.MAX_VALUE,
                1,
                Keepalive.of(settings),
                null,
                false,
                false));
    }

    private static LinkStep step(LinkTurn turn) {
        return new LinkStep(new PppLink(turn.state()), turn.outputs());
    }
}
