package io.warren.ppp;

import io.warren.ppp.ControlProtocol.Layer;
import io.warren.ppp.ControlProtocol.Output;
import io.warren.ppp.TransitionTable.Event;
import io.warren.ppp.TransitionTable.State;
import io.warren.wire.Bytes;
import io.warren.wire.mppe.MasterKeys;
import io.warren.wire.mppe.Strength;
import io.warren.wire.ppp.ControlPacket;
import io.warren.wire.ppp.PppProtocol;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One input to the {@link EncryptionLayer} of a link, being worked out. Lives for that input only. Where encryption is
 * preferred the network control protocols wait for CCP for as long as that may lead to something: packets that went
 * before it would go in the clear.
 */
final class EncryptionTurn {
    /** Codes of RFC 1962 §3, which have no meaning in stateless mode: each packet begins anew. */
    private static final int RESET_REQUEST = 14;

    private static final int RESET_ACK = 15;

    private final LinkSettings settings;
    private final List<LinkOutput> outputs;
    private final Below below;
    private ControlProtocol<CcpNegotiation> ccp;
    private @Nullable MasterKeys keys;
    private boolean required;
    private long patience;
    private @Nullable MppeSession session;
    private boolean encrypted;

    /** What is below: the link. */
    interface Below {
        Turn turn();

        void end(Ending why);

        /** There is a session now, or there is none any more, or nobody needs to wait for one any longer. */
        void encryptionChanged();
    }

    EncryptionTurn(EncryptionLayer from, LinkSettings settings, List<LinkOutput> outputs, Below below) {
        this.settings = settings;
        this.outputs = outputs;
        this.below = below;
        ccp = from.ccp();
        keys = from.keys();
        required = from.required();
        patience = from.patience();
        session = from.session();
        encrypted = from.encrypted();
    }

    EncryptionLayer layer() {
        return new EncryptionLayer(ccp, keys, required, patience, session, encrypted);
    }

    @Nullable
    MppeSession session() {
        return session;
    }

    /** Whether packets must wait: those in the clear that could flow are not what was agreed. */
    boolean blocks() {
        return session == null && (required || (encrypted && !NetworkLayer.isGone(ccp)));
    }

    /** Authentication is over; {@code terms} are null where it yields no keys. */
    void granted(@Nullable MppeTerms terms) {
        MppePolicy policy = settings.mppe();
        if (policy.use() == MppePolicy.Use.OFF || terms == null) {
            required |= terms != null && terms.required();
            return;
        }
        List<Strength> strengths =
                policy.strengths().stream().filter(terms.strengths()::contains).toList();
        required = policy.use() == MppePolicy.Use.REQUIRE || terms.required();
        if (!strengths.isEmpty()) {
            keys = terms.keys();
            if (isWaiting()) {
                ccp = ccp.with(CcpNegotiation.of(strengths, required));
            }
        }
    }

    /** The peer is authenticated: CCP begins, or waits for the peer to begin. */
    void start() {
        if (!isWaiting()) {
            return;
        }
        if (keys == null) {
            if (required) {
                below.end(Ending.ofMppe(
                        settings.mppe().use() == MppePolicy.Use.OFF
                                ? "MPPE is required for this user, and it is off here"
                                : "MPPE is required, and authentication yields no keys for it"));
            }
        } else if (required || settings.mppe().use() == MppePolicy.Use.PREFER) {
            patience = required
                    ? Long.MAX_VALUE
                    : below.turn().now() + settings.restart().toNanos();
            ccp(ccp.on(Event.OPEN, below.turn()));
            ccp(ccp.on(Event.UP, below.turn()));
        } else {
            ccp = ControlProtocol.listening(PppProtocol.CCP, settings, ccp.negotiation());
        }
    }

    /** Whether the network control protocols need not wait. */
    boolean letsNetworkStart() {
        return required ? session != null : patience == Long.MAX_VALUE;
    }

    /** The peer does not wait for CCP: where it is only preferred, nor do we. */
    void networkHeard() {
        if (patience != Long.MAX_VALUE) {
            patience = Long.MAX_VALUE;
            below.encryptionChanged();
        }
    }

    /** LCP is down, and what authentication yielded is void. */
    void lowerDown() {
        EncryptionLayer anew = EncryptionLayer.initial(settings);
        ccp = anew.ccp();
        keys = null;
        required = anew.required();
        patience = Long.MAX_VALUE;
        session = null;
        encrypted = false;
    }

    /** False when CCP is not spoken here. */
    boolean received(ControlPacket packet, Bytes raw) {
        if (keys == null) {
            return false;
        }
        if (packet.code() != RESET_REQUEST && packet.code() != RESET_ACK) {
            ccp(ccp.received(packet, raw, below.turn()));
        }
        return true;
    }

    /** The peer does not know CCP, or not what it has agreed upon (RFC 1661 §5.7). */
    void rejected() {
        if (keys != null) {
            ccp(ccp.on(Event.RXJ_MINUS, below.turn()));
        }
    }

    void tick() {
        ccp(ccp.tick(below.turn()));
        if (below.turn().now() >= patience) {
            patience = Long.MAX_VALUE;
            below.encryptionChanged();
        }
    }

    /** Whether the lower layer has not been up yet, or is down again. */
    boolean isWaiting() {
        return ccp.state() == State.INITIAL || ccp.state() == State.STARTING;
    }

    private void ccp(ControlProtocol.Step<CcpNegotiation> step) {
        State before = ccp.state();
        ccp = step.protocol();
        for (Output output : step.outputs()) {
            switch (output) {
                case Output.Send(Bytes frame) -> outputs.add(new LinkOutput.SendFrame(frame));
                case Layer layer -> {
                    switch (layer) {
                        case UP -> opened();
                        case DOWN -> changed(null);
                        case STARTED -> {}
                        case FINISHED -> finished(before);
                    }
                }
            }
        }
        Ending failure = ccp.negotiation().failure();
        if (failure != null) {
            below.end(failure);
        }
    }

    private void opened() {
        Strength agreed = ccp.negotiation().agreed();
        MasterKeys ours = keys;
        if (agreed != null && ours != null) {
            encrypted = true;
            changed(new MppeSession(ours, agreed, below.turn().random().nextLong()));
        } else if (required) {
            below.end(Ending.ofMppe("peer refuses MPPE, which is required"));
        } else {
            encrypted = false;
            changed(null);
        }
    }

    private void finished(State before) {
        if (required) {
            below.end(Ending.ofMppe(
                    before == State.STOPPING
                            ? "peer closed CCP, and MPPE is required"
                            : "no agreement on CCP, and MPPE is required"));
        } else {
            changed(null);
        }
    }

    private void changed(@Nullable MppeSession now) {
        session = now;
        patience = Long.MAX_VALUE;
        below.encryptionChanged();
    }
}
