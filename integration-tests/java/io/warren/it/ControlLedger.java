package io.warren.it;

import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.l2tp.L2tpCodec;
import io.warren.wire.l2tp.L2tpHeader;
import io.warren.wire.l2tp.PacketText;
import io.warren.wire.l2tp.TunnelSecret;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What both ends of one tunnel said in control messages, and where the node broke the rules of RFC 2661 §5.8: an Ns after
 * one that was never used (a gap), an Ns used again for other octets, an Nr that acknowledges what was never sent or goes
 * back. Looks at octets: header by its fields, the rest as it is, hidden AVPs and Random Vectors among it. Knows nothing
 * of what either end remembers. Safe for use by many threads.
 *
 * <p>HELLOs and acknowledgements are not journalled, so a node that was killed may say a lower Nr than before; its peer has
 * to ignore that as it does a late packet. While the node runs, Nr only grows.
 */
final class ControlLedger {
    private static final int CONTROL_HEADER = 12;
    private static final int NONE = -1;

    private final int tunnelId;
    private final TunnelSecret secret;
    private final Map<Integer, Message> fromNode = new HashMap<>();
    private final List<String> lines = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    /** One more than the highest Ns of either end; no test comes near 65,536. */
    private int endOfNode;

    private int endOfPeer;
    private int nr;
    private int highestNr;
    private int steppedBack;
    private int helloNs = NONE;

    private record Message(int sessionId, Bytes body, String kind, boolean arrived) {
        boolean isSameAs(Message other) {
            return sessionId == other.sessionId && body.equals(other.body);
        }

        /** HELLOs are not journalled: one that is lost, and forgotten with its number, was never there. */
        boolean mayBeForgotten() {
            return !arrived && kind.equals(DatagramKind.HELLO);
        }

        Message arrivedLike(Message other) {
            return new Message(sessionId, body, kind, arrived || other.arrived);
        }
    }

    /** @param tunnelId the peer's, which the node puts into its headers */
    ControlLedger(int tunnelId, TunnelSecret secret) {
        this.tunnelId = tunnelId;
        this.secret = secret;
    }

    /** The peer put this on the wire. */
    synchronized void sent(byte[] datagram) throws WireException {
        if (L2tpHeader.isControl(datagram)) {
            L2tpHeader header = L2tpHeader.decode(datagram);
            lines.add("peer: " + text(datagram));
            if (datagram.length > CONTROL_HEADER) {
                endOfPeer = Math.max(endOfPeer, header.ns() + 1);
                helloNs = DatagramKind.of(datagram, secret).equals(DatagramKind.HELLO) ? header.ns() : helloNs;
            }
        }
    }

    /** The node put this on the wire; {@code arrived} or lost on the way to its peer. */
    synchronized void left(byte[] datagram, boolean arrived) throws WireException {
        if (!L2tpHeader.isControl(datagram)) {
            return;
        }
        L2tpHeader header = L2tpHeader.decode(datagram);
        lines.add((arrived ? "node: " : "node, lost: ") + text(datagram));
        if (header.tunnelId() != tunnelId) {
            fault("a packet for tunnel " + header.tunnelId());
        }
        acknowledged(header.nr());
        if (datagram.length == CONTROL_HEADER) {
            if (header.ns() > endOfNode) {
                fault("a ZLB's Ns " + header.ns() + " is not the next, which is " + endOfNode);
            }
        } else {
            Bytes body = Bytes.of(Arrays.copyOfRange(datagram, CONTROL_HEADER, datagram.length));
            String kind = DatagramKind.of(datagram, secret);
            numbered(header.ns(), new Message(header.sessionId(), body, kind, arrived));
        }
    }

    private void acknowledged(int number) {
        if (number > endOfPeer) {
            fault("Nr " + number + " acknowledges what was never sent: " + endOfPeer + " is the peer's next");
        }
        if (number < nr) {
            fault("Nr goes back from " + nr + " to " + number);
        }
        steppedBack = Math.max(steppedBack, highestNr - number);
        nr = number;
        highestNr = Math.max(highestNr, number);
    }

    private void numbered(int ns, Message message) {
        Message before = fromNode.get(ns);
        if (before == null || (before.mayBeForgotten() && !before.isSameAs(message))) {
            fromNode.put(ns, message);
        } else if (before.isSameAs(message)) {
            fromNode.put(ns, before.arrivedLike(message));
        } else {
            fault("Ns " + ns + " is used again with other content" + (before.arrived() ? "" : ", the first was lost"));
        }
        if (ns > endOfNode) {
            fault("a gap: Ns " + ns + " after " + (endOfNode - 1));
        }
        endOfNode = Math.max(endOfNode, ns + 1);
    }

    /** The node was killed. */
    synchronized void killed() {
        lines.add("---- the node is killed ----");
        nr = 0;
    }

    /** Nothing more will be said. */
    synchronized List<String> faultsAtTheEnd() {
        int last = endOfNode - 1;
        while (last >= 0 && message(last).mayBeForgotten()) {
            last--;
        }
        for (int ns = 0; ns <= last; ns++) {
            if (!message(ns).arrived()) {
                fault("a gap: the peer never saw Ns " + ns);
            }
        }
        return List.copyOf(faults);
    }

    /** Whether the node has acknowledged all that the peer has said. */
    synchronized boolean allAcknowledged() {
        return highestNr == endOfPeer;
    }

    /** Whether the node has acknowledged a HELLO of the peer. */
    synchronized boolean helloAcknowledged() {
        return helloNs != NONE && highestNr > helloNs;
    }

    /** One that never left is a gap, too. */
    private Message message(int ns) {
        return fromNode.getOrDefault(ns, new Message(0, Bytes.EMPTY, "", false));
    }

    /** By how much Nr was lower after a kill than it had been. */
    synchronized int steppedBack() {
        return steppedBack;
    }

    private void fault(String what) {
        faults.add(what);
        lines.add("^^^^ " + what);
    }

    private String text(byte[] datagram) {
        try {
            return PacketText.describe(L2tpCodec.decode(datagram, secret));
        } catch (WireException e) {
            return "malformed: " + e.getMessage();
        }
    }

    @Override
    public synchronized String toString() {
        return String.join("\n", lines);
    }
}
