package io.warren.ppp;

import io.warren.ppp.ControlProtocol.Layer;
import io.warren.ppp.ControlProtocol.Output;
import io.warren.ppp.TransitionTable.Event;
import io.warren.ppp.TransitionTable.State;
import io.warren.wire.Bytes;
import io.warren.wire.mppe.MasterKeys;
import io.warren.wire.mppe.Strength;
import io.warren.wire.ppp.ControlPacket;
import io.warren.wire.ppp.PppFrame;
import io.warren.wire.ppp.PppProtocol;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One input to the {@link EncryptionLayer} of a link, being worked out. Lives for that input only. Where encryption is
 * preferred the network control protocols wait for CCP for as long as that may lead to something: packets that went
 * before it would go in the clear.
 */
final class EncryptionTurn {
    /** Codes of RFC 1962 §3, which have no meaning in MPPE's stateless mode: each packet begins anew. */
    private static final int RESET_REQUEST = 14;

    private static final int RESET_ACK = 15;

    /** Between two Reset-Requests: a round trip, or a packet that is lost. */
    private static final long RESET_WAIT = Duration.ofMillis(200).toNanos();

    private final LinkSettings settings;
    private final List<LinkOutput> outputs;
    private final Below below;
    private ControlProtocol<CcpNegotiation> ccp;
    private @Nullable MasterKeys keys;
    private boolean required;
    private long patience;
    private @Nullable MppeSession session;
    private boolean encrypted;
    private EncryptionLayer.Compression compression;

    /** What is below: the link. */
    interface Below {
        Turn turn();

        void end(Ending why);

        /** There is a session now, or there is none any more, or nobody needs to wait for one any longer. */
        void encryptionChanged();

        /** Packets are to be compressed from now on, or not any more. */
        void compressionChanged();
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
        compression = from.compression();
    }

    EncryptionLayer layer() {
        return new EncryptionLayer(ccp, keys, required, patience, session, encrypted, compression);
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
                ccp = ccp.with(ccp.negotiation().withMppe(strengths, required, policy.use() == MppePolicy.Use.PREFER));
            }
        }
    }

    /** The peer is authenticated: CCP begins, or waits for the peer to begin. */
    void start() {
        if (!isWaiting()) {
            return;
        }
        boolean encrypts = keys != null && (required || settings.mppe().use() == MppePolicy.Use.PREFER);
        if (keys == null && required) {
            below.end(Ending.ofMppe(
                    settings.mppe().use() == MppePolicy.Use.OFF
                            ? "MPPE is required for this user, and it is off here"
                            : "MPPE is required, and authentication yields no keys for it"));
        } else if (encrypts || settings.deflate().asksFirst()) {
            // Nobody has to wait for compression: packets may go as they are until then.
            boolean waits = encrypts && !required;
            patience = waits ? below.turn().now() + settings.restart().toNanos() : Long.MAX_VALUE;
            ccp(ccp.on(Event.OPEN, below.turn()));
            ccp(ccp.on(Event.UP, below.turn()));
        } else if (isSpoken()) {
            ccp = ControlProtocol.listening(PppProtocol.CCP, settings, ccp.negotiation());
        }
    }

    private boolean isSpoken() {
        return keys != null || settings.deflate().isOn();
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
        compression = anew.compression();
    }

    /** False when CCP is not spoken here. */
    boolean received(ControlPacket packet, Bytes raw) {
        if (!isSpoken()) {
            return false;
        }
        switch (packet.code()) {
            case RESET_REQUEST -> resetRequested(packet.id());
            case RESET_ACK -> {} // The data plane has begun anew: only there is known what came before it and what
            // after.
            default -> {
                if (packet instanceof ControlPacket.ConfigureAck ack && answers(ack)) {
                    ccp = ccp.with(ccp.negotiation().acknowledged(ack.options()));
                }
                ccp(ccp.received(packet, raw, below.turn()));
            }
        }
        return true;
    }

    private boolean answers(ControlPacket.ConfigureAck ack) {
        ControlPacket.ConfigureRequest pending = ccp.pending();
        return pending != null && pending.id() == ack.id() && pending.options().equals(ack.options());
    }

    /** RFC 1962 §3: the data plane begins anew when the Reset-Ack leaves. */
    private void resetRequested(int id) {
        DeflateSession current = compression.session();
        if (current != null && current.send()) {
            send(new ControlPacket.Unknown(RESET_ACK, id, Bytes.EMPTY));
        }
    }

    /**
     * The data plane could not open a compressed packet. A peer whose packets get lost all the time shall not compress: each
     * loss costs more than its packet.
     */
    void compressedReceived() {
        DeflateSession current = compression.session();
        long now = below.turn().now();
        if (compression.resumed() && settings.deflate().isOn()) {
            compression = EncryptionLayer.Compression.NONE;
            negotiateAnew();
        } else if (current != null && current.receive() && now >= compression.nextReset()) {
            if (compression.resets().isSpent(now)) {
                ccp = ccp.with(
                        ccp.negotiation().with(ccp.negotiation().deflate().declining()));
                negotiateAnew();
                return;
            }
            compression =
                    compression.asked(now + RESET_WAIT, compression.resets().taken(now));
            send(new ControlPacket.Unknown(RESET_REQUEST, ccp.nextId(), Bytes.EMPTY));
            ccp = ccp.withIdTaken();
        }
    }

    /** The other protocols go on as they are (RFC 1962 §2). */
    private void negotiateAnew() {
        ccp(ccp.on(Event.DOWN, below.turn()));
        ccp(ccp.on(Event.UP, below.turn()));
    }

    private void send(ControlPacket packet) {
        outputs.add(new LinkOutput.SendFrame(new PppFrame(PppProtocol.CCP, packet.encode()).encode()));
    }

    /** The peer does not know CCP, or not what it has agreed upon (RFC 1661 §5.7). */
    void rejected() {
        if (isSpoken()) {
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
                        case DOWN -> down();
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
        CcpNegotiation agreement = ccp.negotiation();
        Strength agreed = agreement.agreed();
        MasterKeys ours = keys;
        if (agreed != null && ours != null) {
            encrypted = true;
            compressed(null);
            changed(new MppeSession(ours, agreed, below.turn().random().nextLong()));
        } else if (required) {
            below.end(Ending.ofMppe("peer refuses MPPE, which is required"));
        } else if (agreement.isAtCrossPurposes()) {
            ccp = ccp.with(agreement.withMppe(agreement.strengths(), false, true));
            negotiateAnew();
        } else if (agreement.deflate().isLessThanRequired()) {
            below.end(Ending.ofDeflate("peer refuses Deflate, which is required"));
        } else {
            unencrypted();
            compressed(deflate(agreement.deflate()));
        }
    }

    /** Null when neither direction is compressed. */
    private @Nullable DeflateSession deflate(DeflateNegotiation agreement) {
        return agreement.peer() || agreement.acknowledged()
                ? new DeflateSession(below.turn().random().nextLong(), agreement.peer(), agreement.acknowledged())
                : null;
    }

    private void finished(State before) {
        boolean closed = before == State.STOPPING;
        if (required) {
            below.end(Ending.ofMppe(
                    closed ? "peer closed CCP, and MPPE is required" : "no agreement on CCP, and MPPE is required"));
        } else if (settings.deflate().use() == DeflatePolicy.Use.REQUIRE) {
            below.end(Ending.ofDeflate(
                    closed
                            ? "peer closed CCP, and Deflate is required"
                            : "no agreement on CCP, and Deflate is required"));
        } else {
            down();
        }
    }

    /** Only what was encrypted must not flow in the clear meanwhile. */
    private void down() {
        compressed(null);
        if (session != null || encrypted || required || patience != Long.MAX_VALUE) {
            changed(null);
        }
    }

    private void unencrypted() {
        if (session != null || encrypted || patience != Long.MAX_VALUE) {
            encrypted = false;
            changed(null);
        }
    }

    private void compressed(@Nullable DeflateSession now) {
        boolean same = now == null && compression.session() == null;
        compression = compression.with(now);
        if (!same) {
            below.compressionChanged();
        }
    }

    private void changed(@Nullable MppeSession now) {
        session = now;
        patience = Long.MAX_VALUE;
        below.encryptionChanged();
    }
}
