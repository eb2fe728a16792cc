package io.warren.ppp;

import io.warren.ppp.ControlProtocol.Tally;
import io.warren.ppp.TransitionTable.State;
import io.warren.wire.Bytes;
import java.nio.charset.StandardCharsets;

/** Why the link is about to end; becomes its {@link LinkOutput.LinkDown}. */
record Ending(LinkEnd cause, String reason) {
    private static final int REASON_LIMIT = 128;

    /** The peer said goodbye; the data of a Terminate-Request may be text (RFC 1661 §5.5). */
    static Ending byPeer(Bytes data) {
        String text = new String(Turn.cut(data, REASON_LIMIT).toByteArray(), StandardCharsets.UTF_8)
                .replaceAll("[\\p{Cntrl}\\uFFFD]", "?")
                .strip();
        String reason = text.isEmpty() ? "peer terminated the link" : "peer terminated the link: " + text;
        return new Ending(LinkEnd.PEER_TERMINATED, reason);
    }

    /** LCP finished though nobody closed it. */
    static Ending ofLcp(Tally tally) {
        boolean refused = tally.refusalsSent() > 0 || tally.refusalsReceived() > 0;
        return new Ending(
                LinkEnd.NEGOTIATION_FAILED,
                refused ? "no agreement on LCP options" : "peer does not answer Configure-Requests");
    }

    /** IPCP, or with {@code name} IPv6CP, finished, coming from the state {@code last}, and nothing else is left. */
    static Ending ofNetwork(String name, State last) {
        return last == State.STOPPING
                ? new Ending(LinkEnd.PEER_TERMINATED, "peer closed " + name)
                : new Ending(LinkEnd.NEGOTIATION_FAILED, "no agreement on " + name + " options");
    }

    /** There is no encryption, and must be one. */
    static Ending ofMppe(String reason) {
        return new Ending(LinkEnd.NEGOTIATION_FAILED, reason);
    }

    /** There is no compression, and must be one. */
    static Ending ofDeflate(String reason) {
        return new Ending(LinkEnd.NEGOTIATION_FAILED, reason);
    }

    static Ending ofRejected(int protocol) {
        return new Ending(LinkEnd.NEGOTIATION_FAILED, "peer rejects protocol 0x%04x".formatted(protocol));
    }
}
