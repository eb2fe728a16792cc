package io.warren.control.session;

import io.warren.control.port.ForwardingEntry;
import io.warren.control.session.SessionState.Established;
import io.warren.control.session.SessionState.Live;
import io.warren.ppp.DeflatePolicy;
import io.warren.ppp.DeflateSession;
import io.warren.ppp.LinkParameters;
import org.jspecify.annotations.Nullable;

/**
 * Deflate of a call. It is in no journal: whoever goes on with the call has no histories, and both ends agree on new ones
 * when the first packet shows that the peer still has its own.
 */
final class CallCompression {
    private CallCompression() {}

    /** Null when the call is not compressed. */
    static ForwardingEntry.@Nullable Deflate entry(Established call, LinkParameters link) {
        Live live = call.live();
        DeflateSession session = live == null ? null : live.link().deflate();
        return session == null
                ? null
                : new ForwardingEntry.Deflate(session.id(), session.send(), session.receive(), link.localMru());
    }

    /** The same, but for calls that find no room for it. */
    static SessionSettings without(SessionSettings settings) {
        return new SessionSettings(
                settings.link().withDeflate(DeflatePolicy.OFF),
                settings.client(),
                settings.connectTimeout(),
                settings.setupTimeout(),
                settings.lcpTerminateWait(),
                settings.accounting(),
                settings.router(),
                settings.proxy(),
                settings.peers().stream()
                        .map(peer ->
                                new PeerPolicy(peer.peers(), peer.link().withDeflate(DeflatePolicy.OFF), peer.proxy()))
                        .toList(),
                settings.filters());
    }
}
