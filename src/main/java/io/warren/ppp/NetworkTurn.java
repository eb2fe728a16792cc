package io.warren.ppp;

import io.warren.ppp.ControlProtocol.Layer;
import io.warren.ppp.ControlProtocol.Output;
import io.warren.ppp.TransitionTable.Event;
import io.warren.ppp.TransitionTable.State;
import io.warren.wire.Bytes;
import io.warren.wire.ppp.ControlPacket;
import io.warren.wire.ppp.PppProtocol;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One input to the {@link NetworkLayer} of a link, being worked out. Lives for that input only. A protocol that fails
 * takes the link with it only when the other one is gone as well.
 */
final class NetworkTurn implements EncryptionTurn.Below {
    /** RFC 8200 §5; a peer that takes less cannot have IPv6. */
    static final int LEAST_IPV6_MTU = 1_280;

    private final LinkSettings settings;
    private final List<LinkOutput> outputs;
    private final Below below;
    private final EncryptionTurn encryption;
    private ControlProtocol<IpcpNegotiation> ipcp;
    private ControlProtocol<Ipv6cpNegotiation> ipv6cp;
    private boolean up;
    private Renewals renewals;

    /** What is below: the link. */
    interface Below {
        LcpNegotiation lcp();

        @Nullable
        Ending ending();

        Turn turn();

        void end(Ending why);
    }

    NetworkTurn(NetworkLayer from, LinkSettings settings, List<LinkOutput> outputs, Below below) {
        this.settings = settings;
        this.outputs = outputs;
        this.below = below;
        encryption = new EncryptionTurn(from.encryption(), settings, outputs, this);
        ipcp = from.ipcp();
        ipv6cp = from.ipv6cp();
        up = from.up();
        renewals = from.renewals();
    }

    NetworkLayer layer() {
        return new NetworkLayer(encryption.layer(), ipcp, ipv6cp, up, renewals);
    }

    /** Whether the lower layer has not been up yet, or is down again. */
    boolean waits() {
        return ipcp.state() == State.INITIAL || ipcp.state() == State.STARTING;
    }

    boolean speaksIpv6() {
        return settings.ipv6() && below.lcp().peer().mru() >= LEAST_IPV6_MTU;
    }

    void granted(AuthenticationOutcome.Accepted granted) {
        ipcp = ipcp.with(
                IpcpNegotiation.server(settings.address(), granted.address(), granted.permitted(), granted.dns()));
        ipv6cp = ipv6cp.with(ipv6cp.negotiation().assigning(granted.interfaceIdentifier()));
        encryption.granted(granted.mppe());
    }

    /** This end was let in by its peer. */
    void admitted(@Nullable MppeTerms mppe) {
        encryption.granted(mppe);
    }

    /** The peer is authenticated: CCP begins if it is spoken, and both protocols, at once or when CCP is done. */
    void start() {
        encryption.start();
        if (!waits() || below.ending() != null || !encryption.letsNetworkStart()) {
            return;
        }
        ipcp(ipcp.on(Event.OPEN, below.turn()));
        ipcp(ipcp.on(Event.UP, below.turn()));
        if (speaksIpv6() && below.ending() == null) {
            ipv6cp(ipv6cp.on(Event.OPEN, below.turn()));
            ipv6cp(ipv6cp.on(Event.UP, below.turn()));
        }
    }

    @Override
    public void encryptionChanged() {
        if (encryption.isWaiting() || below.ending() != null) {
            return;
        }
        if (waits()) {
            start();
        } else if (ipcp.isOpened() || ipv6cp.isOpened()) {
            changed("re-negotiation of CCP");
        }
    }

    @Override
    public void compressionChanged() {
        if (up && below.ending() == null) {
            outputs.add(new LinkOutput.CompressionChanged());
        }
    }

    @Override
    public Turn turn() {
        return below.turn();
    }

    @Override
    public void end(Ending why) {
        below.end(why);
    }

    /** LCP is down, and all protocols with it. */
    void lowerDown() {
        encryption.lowerDown();
        // What this step says is that a layer is down, or waits: nobody needs to know of each by itself.
        ipcp = ipcp.on(Event.DOWN, below.turn()).protocol();
        ipv6cp = ipv6cp.on(Event.DOWN, below.turn()).protocol();
        changed("re-negotiation");
    }

    /** False when CCP is not spoken. */
    boolean ccpReceived(ControlPacket packet, Bytes raw) {
        return encryption.received(packet, raw);
    }

    /** The data plane could not open a compressed packet. */
    void compressedReceived() {
        encryption.compressedReceived();
    }

    void ipcpReceived(ControlPacket packet, Bytes raw) {
        encryption.networkHeard();
        ipcp(ipcp.received(packet, raw, below.turn()));
    }

    void ipv6cpReceived(ControlPacket packet, Bytes raw) {
        encryption.networkHeard();
        ipv6cp(ipv6cp.received(packet, raw, below.turn()));
    }

    /** RFC 5072 §3: not before IPv6CP is open, nor in the clear while encryption is to come. */
    void packetReceived(Bytes packet) {
        if (up && ipv6cp.isOpened()) {
            outputs.add(new LinkOutput.PacketReceived(packet));
        }
    }

    /** The peer does not know the protocol (RFC 1661 §5.7). */
    void rejected(int protocol) {
        if (protocol == PppProtocol.CCP || protocol == PppProtocol.COMPRESSED) {
            encryption.rejected();
            return;
        }
        boolean four = protocol == PppProtocol.IPCP || protocol == PppProtocol.IPV4;
        if (isLast(four)) {
            below.end(Ending.ofRejected(protocol));
        } else if (four) {
            ipcp(ipcp.on(Event.RXJ_MINUS, below.turn()));
        } else if (speaksIpv6()) {
            ipv6cp(ipv6cp.on(Event.RXJ_MINUS, below.turn()));
        }
    }

    void addressDecided(int address, boolean granted) {
        IpcpNegotiation before = ipcp.negotiation();
        IpcpNegotiation decided = before.decided(address, granted);
        if (!decided.equals(before)) {
            ipcp(ipcp.decided(decided, below.turn()));
        }
    }

    void tick() {
        encryption.tick();
        ipcp(ipcp.tick(below.turn()));
        ipv6cp(ipv6cp.tick(below.turn()));
    }

    private void ipcp(ControlProtocol.Step<IpcpNegotiation> step) {
        ControlProtocol<IpcpNegotiation> before = ipcp;
        ipcp = step.protocol();
        for (Output output : step.outputs()) {
            switch (output) {
                case Output.Send(Bytes frame) -> outputs.add(new LinkOutput.SendFrame(frame));
                case Layer layer -> {
                    switch (layer) {
                        case UP -> ipcpUp();
                        case DOWN -> changed(downReason("IPCP", ipcp));
                        case STARTED -> {}
                        case FINISHED -> finished(true, Ending.ofNetwork("IPCP", before.state()));
                    }
                }
            }
        }
        int wished = ipcp.negotiation().wish().pending();
        if (wished != 0 && wished != before.negotiation().wish().pending()) {
            outputs.add(new LinkOutput.AddressWished(wished));
        }
        Ending failure = ipcp.negotiation().failure();
        if (failure != null) {
            ipcpFailed(failure);
        }
    }

    private void ipcpUp() {
        if (ipcp.negotiation().local().address() == 0) {
            ipcpFailed(new Ending(LinkEnd.NEGOTIATION_FAILED, "peer assigns no address"));
        } else {
            changed("");
        }
    }

    private void ipcpFailed(Ending failure) {
        if (isLast(true)) {
            below.end(failure);
        } else if (ipcp.state() != State.CLOSING && ipcp.state() != State.CLOSED) {
            ipcp(ipcp.on(Event.CLOSE, below.turn()));
        }
    }

    private void ipv6cp(ControlProtocol.Step<Ipv6cpNegotiation> step) {
        ControlProtocol<Ipv6cpNegotiation> before = ipv6cp;
        ipv6cp = step.protocol();
        for (Output output : step.outputs()) {
            switch (output) {
                case Output.Send(Bytes frame) -> outputs.add(new LinkOutput.SendFrame(frame));
                case Layer layer -> {
                    switch (layer) {
                        case UP -> changed("");
                        case DOWN -> changed(downReason("IPv6CP", ipv6cp));
                        case STARTED -> {}
                        case FINISHED -> finished(false, Ending.ofNetwork("IPv6CP", before.state()));
                    }
                }
            }
        }
    }

    private void finished(boolean four, Ending why) {
        if (isLast(four)) {
            below.end(why);
        }
    }

    /** Whether nothing is left without this one. */
    private boolean isLast(boolean four) {
        return four ? !speaksIpv6() || NetworkLayer.isGone(ipv6cp) : NetworkLayer.isGone(ipcp);
    }

    private static String downReason(String name, ControlProtocol<?> protocol) {
        return protocol.state() == State.STOPPING ? "peer closed " + name : "re-negotiation";
    }

    /** A protocol opened or ceased to be open. */
    private void changed(String reason) {
        boolean four = ipcp.isOpened();
        boolean six = ipv6cp.isOpened();
        Ending ending = below.ending();
        if ((four || six) && !encryption.blocks()) {
            long now = below.turn().now();
            if (renewals.isSpent(now)) {
                below.end(new Ending(LinkEnd.NEGOTIATION_FAILED, "the network is negotiated anew too often"));
                return;
            }
            renewals = renewals.taken(now);
            up = true;
            LinkParameters agreed = below.lcp()
                    .with(ipcp.negotiation(), !four, six ? ipv6cp.negotiation().agreed() : null);
            MppeSession mppe = encryption.session();
            outputs.add(new LinkOutput.NetworkUp(mppe == null ? agreed : agreed.encrypted(mppe)));
        } else if (up) {
            up = false;
            outputs.add(new LinkOutput.NetworkDown(ending != null ? ending.reason() : reason));
        }
    }
}
