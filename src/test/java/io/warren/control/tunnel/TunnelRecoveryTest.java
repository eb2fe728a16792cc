package io.warren.control.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.Moment;
import io.warren.control.reliable.ReliableChannel;
import io.warren.control.reliable.RetransmitPolicy;
import io.warren.control.reliable.Segment;
import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.l2tp.ControlBody;
import io.warren.wire.l2tp.ControlMessage;
import io.warren.wire.l2tp.ControlMessage.Cdn;
import io.warren.wire.l2tp.ControlMessage.Hello;
import io.warren.wire.l2tp.ControlMessage.Icrp;
import io.warren.wire.l2tp.ControlMessage.Sccrp;
import io.warren.wire.l2tp.ControlMessage.StopCcn;
import io.warren.wire.l2tp.ControlPacket;
import io.warren.wire.l2tp.L2tpCodec;
import io.warren.wire.l2tp.ResultCode;
import io.warren.wire.l2tp.SequenceNumber;
import io.warren.wire.l2tp.ZeroLengthBody;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A whole conversation with a crash after every single decision, whose messages then are sent or lost: the peer must see
 * neither a gap nor a number used twice, and everything that the conversation is made of.
 */
class TunnelRecoveryTest {
    private static final List<String> WHAT_THE_PEER_HEARS = List.of("CDN", "ICRP", "ICRP", "SCCRP", "SLI", "STOP_CCN");
    private static final Set<String> WHAT_THE_SESSIONS_HEAR =
            Set.of("31 ICCN", "32 ICCN", "31 SLI", "32 SLI", "31 CDN");

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3})
    void crashAfterEveryDecision(long seed) {
        int decisions = new Conversation(seed, Integer.MAX_VALUE, false, Standby.KNOWS_NOTHING).run();
        assertThat(decisions).isGreaterThan(20);
        for (int crash = 1; crash <= decisions; crash++) {
            for (Standby standby : Standby.values()) {
                new Conversation(seed, crash, false, standby).run();
                new Conversation(seed, crash, true, standby).run();
            }
        }
    }

    /** What whoever goes on knows of the peer's position besides the journal. */
    private enum Standby {
        KNOWS_NOTHING,
        KNOWS_ALL,
        /** The last three decisions are missing. */
        IS_BEHIND
    }

    @Test
    void whoKnowsThePeersPositionGoesOnAtOnce() {
        Exchange exchange = Exchange.plain().establishedAsResponder();
        exchange.callFromPeer(31);
        exchange.hear(new Hello());
        exchange.hear(new Hello());
        int handled = exchange.state.connection().channel().nr();
        exchange.state = exchange.recovered();
        assertThat(exchange.state.connection().channel().nr())
                .as("in the journal")
                .isNotEqualTo(handled);
        exchange.decide(new TunnelInput.Resume(handled));
        exchange.acknowledge();
        assertThat(Exchange.startedCall(exchange.hear(Exchange.icrq(32))).peerSessionId())
                .isEqualTo(32);
    }

    @Test
    void whoDoesNotWaitsForWhatThePeerMayRepeat() {
        Exchange exchange = Exchange.plain().establishedAsResponder();
        exchange.callFromPeer(31);
        exchange.hear(new Hello());
        exchange.hear(new Hello());
        exchange.state = exchange.recovered();
        exchange.decide(new TunnelInput.Resume(null));
        exchange.acknowledge();
        assertThat(exchange.hear(Exchange.icrq(32))).noneMatch(TunnelEffect.StartCall.class::isInstance);
        exchange.effects.clear();
        exchange.runFor(Duration.ofSeconds(4));
        assertThat(exchange.effects).anyMatch(TunnelEffect.StartCall.class::isInstance);
    }

    @Test
    void whatTheJournalLacksIsNotedWhenTheTunnelMoves() {
        Exchange exchange = Exchange.plain().establishedAsResponder();
        exchange.callFromPeer(31);
        exchange.acknowledge();
        Moment moment = new Moment(exchange.now, Instant.EPOCH, new Random(1));
        TunnelEvent caughtUp = TunnelDecider.numbersToNote(exchange.state, moment);
        if (caughtUp != null) {
            exchange.state = TunnelDecider.evolve(exchange.state, caughtUp);
        }
        assertThat(TunnelDecider.numbersToNote(exchange.state, moment)).isNull();
        exchange.hear(new Hello());
        TunnelEvent noted = TunnelDecider.numbersToNote(exchange.state, moment);
        assertThat(noted).isNotNull();
        exchange.journal.add(noted);
        assertThat(exchange.recovered().connection().channel().nr())
                .isEqualTo(exchange.state.connection().channel().nr());
    }

    @Test
    void newMessagesWaitUntilOurNumberIsKnown() {
        Exchange exchange = Exchange.plain().establishedAsResponder();
        int call = exchange.callFromPeer(31);
        exchange.acknowledge();
        exchange.state = exchange.recovered();
        List<TunnelEffect> resumed = exchange.decide(new TunnelInput.Resume(null));
        assertThat(Exchange.startedCall(resumed).key().sessionId()).isEqualTo(call);
        int journalled = exchange.journal.size();
        exchange.decide(new TunnelInput.Send(call, Exchange.sli()));
        assertThat(exchange.journal).hasSize(journalled);
        exchange.acknowledge();
        exchange.acknowledge();
        assertThat(exchange.journal).hasSize(journalled + 1);
    }

    @Test
    void closedTunnelEndsItsCallsAgainAndLingers() {
        Exchange exchange = Exchange.plain().establishedAsResponder();
        int call = exchange.callFromPeer(31);
        exchange.acknowledge();
        exchange.decide(new TunnelInput.Close(ResultCode.of(1), "operator"));
        exchange.state = exchange.recovered();
        assertThat(exchange.decide(new TunnelInput.Resume(null)))
                .anyMatch(effect -> effect instanceof TunnelEffect.EndCall end && end.sessionId() == call);
        exchange.effects.clear();
        exchange.runFor(Duration.ofSeconds(40));
        assertThat(exchange.effects).contains(new TunnelEffect.Stop());
    }

    @Test
    void pitfall12_aRepeatedStopCcnIsAcknowledgedThoughARestartForgotTheHellosBeforeIt() {
        Exchange exchange = Exchange.plain().establishedAsResponder();
        exchange.runFor(Duration.ofSeconds(61));
        exchange.acknowledge();
        int ns = exchange.peerNs;
        exchange.hear(Exchange.stopCcn());
        exchange.state = exchange.recovered();
        exchange.decide(new TunnelInput.Resume(null));
        exchange.effects.clear();

        exchange.peerNs = ns;
        exchange.hear(Exchange.stopCcn());
        exchange.runFor(Duration.ofSeconds(5));

        assertThat(Exchange.dropped(exchange.effects)).doesNotContain("nr-never-sent");
        assertThat(Exchange.sent(exchange.effects))
                .singleElement()
                .isEqualTo(new ControlPacket(
                        Exchange.PEER_TUNNEL, 0, exchange.peerNr, SequenceNumber.next(ns), new ZeroLengthBody()));
    }

    @Test
    void aPeerThatHasOurStopCcnAcknowledgesItAtOnceAfterARestart() {
        Exchange exchange = Exchange.plain().establishedAsResponder();
        int call = exchange.callFromPeer(31);
        exchange.acknowledge();
        exchange.decide(new TunnelInput.Send(call, Exchange.cdn(0)));
        exchange.decide(new TunnelInput.Close(ResultCode.of(1), "operator"));
        exchange.state = exchange.recovered();
        assertThat(Exchange.said(exchange.decide(new TunnelInput.Resume(null))))
                .singleElement()
                .isInstanceOf(Cdn.class);
        exchange.effects.clear();

        exchange.acknowledge();
        exchange.runFor(Duration.ofSeconds(40));

        assertThat(Exchange.said(exchange.effects)).isEmpty();
    }

    @Test
    void anAcknowledgementOfWhatWasNeverSentIsDroppedByATunnelThatEndsWithoutARestart() {
        Exchange exchange = Exchange.plain().establishedAsResponder();
        exchange.decide(new TunnelInput.Close(ResultCode.of(1), "operator"));
        exchange.peerNr += 1;

        assertThat(Exchange.dropped(exchange.acknowledge())).containsExactly("nr-never-sent");
    }

    /** One end under test, which crashes once, and a peer that is a LAC with two calls. */
    private static final class Conversation {
        private final Random random;
        private final int crashAfter;
        private final boolean lastEffectsLost;
        private final Standby standby;
        /** The peer's position after each decision whose effects were carried out. */
        private final List<Integer> positions = new ArrayList<>();

        private final String description;
        private final List<TunnelEvent> journal = new ArrayList<>();
        private final Set<String> sessionJournal = new HashSet<>();
        private final Deque<ControlPacket> toUs = new ArrayDeque<>();
        private final Deque<Bytes> toPeer = new ArrayDeque<>();
        private final Deque<TunnelInput> local = new ArrayDeque<>();
        private final Map<Integer, Integer> peerIds = new HashMap<>();
        private final Peer peer = new Peer();
        private TunnelState state = new TunnelState.Idle(Exchange.OUR_TUNNEL);
        private int decisions;
        private long now;
        private long reliableUntil;

        Conversation(long seed, int crashAfter, boolean lastEffectsLost, Standby standby) {
            this.random = new Random(seed);
            this.crashAfter = crashAfter;
            this.lastEffectsLost = lastEffectsLost;
            this.standby = standby;
            this.description = "seed " + seed + ", crash after decision " + crashAfter
                    + (lastEffectsLost ? " with its effects lost" : "") + ", standby " + standby;
        }

        int run() {
            peer.say(0, Exchange.sccrq(null, null));
            runFor(Duration.ofSeconds(30));
            runFor(Duration.ofSeconds(150)); // of silence: HELLOs move the numbers, unseen by the journal
            peer.say(0, new Hello());
            runFor(Duration.ofSeconds(40));
            peer.say(peer.ourId(31), Exchange.cdn(31));
            runFor(Duration.ofSeconds(40));
            local.add(new TunnelInput.Send(peer.ourId(32), Exchange.cdn(0)));
            runFor(Duration.ofSeconds(40));
            local.add(new TunnelInput.Close(ResultCode.of(1), "operator"));
            runFor(Duration.ofSeconds(60));
            assertThat(peer.heard.stream().sorted().toList()).as(description).isEqualTo(WHAT_THE_PEER_HEARS);
            assertThat(sessionJournal).as(description).isEqualTo(WHAT_THE_SESSIONS_HEAR);
            assertThat(journal.stream().filter(TunnelEvent.TunnelClosed.class::isInstance))
                    .as(description)
                    .singleElement()
                    .matches(closed -> ((TunnelEvent.TunnelClosed) closed).by().equals("operator"));
            return decisions;
        }

        private void runFor(Duration span) {
            long end = now + span.toNanos();
            while (true) {
                if (!local.isEmpty()) {
                    decide(local.remove());
                } else if (!toUs.isEmpty()) {
                    decide(new TunnelInput.Received(Exchange.PATH, toUs.remove()));
                } else if (!toPeer.isEmpty()) {
                    peer.take(toPeer.remove());
                } else {
                    long next = Math.min(TunnelDecider.deadline(state), peer.channel.deadline());
                    if (next > end) {
                        break;
                    }
                    now = Math.max(now, next);
                    if (TunnelDecider.deadline(state) <= now) {
                        decide(new TunnelInput.Tick());
                    }
                    peer.flush();
                }
            }
            now = end;
        }

        private void decide(TunnelInput input) {
            TunnelDecision decision = TunnelDecider.decide(state, input, Exchange.PLAIN, moment());
            state = decision.state();
            journal.addAll(decision.events());
            decisions++;
            assertDurable();
            boolean crash = decisions == crashAfter;
            if (!crash || !lastEffectsLost) {
                ControlConnection known = state.connection();
                positions.add(known == null ? 0 : known.channel().nr());
                decision.effects().forEach(this::perform);
            }
            if (crash) {
                local.removeIf(TunnelInput.Handled.class::isInstance);
                now += Duration.ofSeconds(2).toNanos();
                reliableUntil = now + Duration.ofSeconds(10).toNanos();
                state = replayed();
                decide(new TunnelInput.Resume(knownPosition()));
                retryLost(input);
            }
        }

        private @Nullable Integer knownPosition() {
            int missing = switch (standby) {
                case KNOWS_NOTHING -> positions.size();
                case KNOWS_ALL -> 0;
                case IS_BEHIND -> 3;
            };
            return missing >= positions.size() ? null : positions.get(positions.size() - 1 - missing);
        }

        /** What a session or an operator asked for is asked for again, unless the journal shows that it was done. */
        private void retryLost(TunnelInput input) {
            switch (input) {
                case TunnelInput.Send send when !journalHas(send) -> local.add(send);
                case TunnelInput.Close close when !(state instanceof TunnelState.Closed) -> local.add(close);
                default -> {}
            }
        }

        private boolean journalHas(TunnelInput.Send send) {
            return journal.stream()
                    .anyMatch(event -> send.message() instanceof Cdn
                            ? event instanceof TunnelEvent.CallEnded ended && ended.sessionId() == send.sessionId()
                            : event instanceof TunnelEvent.MessageSent sent && sent.sessionId() == send.sessionId());
        }

        /**
         * One packet of six is lost, but none while a restarted tunnel looks for the peer's position: it cannot tell a
         * message that was handled from one whose every repetition is lost.
         */
        private boolean arrives() {
            return now < reliableUntil || random.nextInt(6) != 0;
        }

        private Moment moment() {
            return new Moment(now, Instant.EPOCH, random);
        }

        private TunnelState replayed() {
            TunnelState replayed = new TunnelState.Idle(Exchange.OUR_TUNNEL);
            for (TunnelEvent event : journal) {
                replayed = TunnelDecider.evolve(replayed, event);
            }
            return replayed;
        }

        /** What is in memory is what the journal would make of it, as far as the journal goes. */
        private void assertDurable() {
            TunnelState replayed = replayed();
            assertThat(replayed.name()).as(description).isEqualTo(state.name());
            ControlConnection live = state.connection();
            ControlConnection told = replayed.connection();
            if (live == null || told == null) {
                assertThat(live == null && told == null).as(description).isTrue();
                return;
            }
            assertThat(told.role()).isEqualTo(live.role());
            assertThat(told.peer()).isEqualTo(live.peer());
            assertThat(told.noted()).isEqualTo(live.noted());
            assertThat(told.calls().byPeerId()).isEqualTo(live.calls().byPeerId());
            assertThat(told.calls().all().stream().map(Call::offer).toList())
                    .isEqualTo(live.calls().all().stream().map(Call::offer).toList());
            for (int ns = live.channel().oldestUnacked(); ns != live.channel().nextNs(); ns = SequenceNumber.next(ns)) {
                Bytes body = told.channel().body(ns);
                assertThat(body == null ? Peer.HELLO : body)
                        .as("%s, Ns %d", description, ns)
                        .isEqualTo(live.channel().body(ns));
            }
        }

        private void perform(TunnelEffect effect) {
            switch (effect) {
                case TunnelEffect.Transmit(var _, var datagram) -> {
                    if (arrives()) {
                        toPeer.add(datagram);
                    }
                }
                case TunnelEffect.StartCall(var call) -> peerIds.put(call.key().sessionId(), call.peerSessionId());
                case TunnelEffect.Deliver(int sessionId, int ns, var message) -> {
                    String what = peerIds.get(sessionId) + " " + message.type();
                    if (sessionJournal.add(what) && what.equals("32 SLI")) {
                        local.add(new TunnelInput.Send(sessionId, Exchange.sli()));
                    }
                    local.add(new TunnelInput.Handled(ns));
                }
                case TunnelEffect.EndCall _, TunnelEffect.Dropped _, TunnelEffect.Later _, TunnelEffect.Stop _ -> {}
            }
        }

        /** A LAC that checks what it gets: it forgets no content, whatever number it comes under. */
        private final class Peer {
            static final Bytes HELLO = L2tpCodec.encodeBody(new Hello(), null);
            private final Map<Integer, ControlBody> contents = new HashMap<>();
            private final Map<Integer, Integer> ourIds = new HashMap<>();
            private final List<String> heard = new ArrayList<>();
            private ReliableChannel channel = ReliableChannel.start().withPeerWindow(8);
            private int tunnelId;

            int ourId(int peerId) {
                Integer id = ourIds.get(peerId);
                assertThat(id).as(description).isNotNull();
                return id == null ? 0 : id;
            }

            void say(int sessionId, ControlMessage message) {
                channel = channel.enqueue(sessionId, L2tpCodec.encodeBody(message, null));
                flush();
            }

            void take(Bytes datagram) {
                ControlPacket packet = decoded(datagram);
                if (!(packet.body() instanceof ZeroLengthBody)) {
                    ControlBody before = contents.putIfAbsent(packet.ns(), packet.body());
                    assertThat(before == null ? packet.body() : before)
                            .as("%s, Ns %d has two contents", description, packet.ns())
                            .isEqualTo(packet.body());
                }
                ReliableChannel.Receipt receipt = channel.receive(packet, 8, now, RetransmitPolicy.RECOMMENDED, false);
                assertThat(receipt.dropped()).as(description).isNotEqualTo("nr-never-sent");
                ReliableChannel.Delivery delivery = receipt.channel().deliver(now, 8);
                channel = delivery.channel();
                for (ControlPacket delivered : delivery.packets()) {
                    channel = channel.handled(delivered.ns());
                    react(delivered);
                }
                flush();
            }

            private void react(ControlPacket packet) {
                switch (packet.body()) {
                    case Sccrp sccrp -> {
                        heard.add("SCCRP");
                        tunnelId = sccrp.assignedTunnelId();
                        say(0, new ControlMessage.Scccn(null, List.of()));
                        say(0, Exchange.icrq(31));
                        say(0, Exchange.icrq(32));
                    }
                    case Icrp icrp -> {
                        heard.add("ICRP");
                        ourIds.put(packet.sessionId(), icrp.assignedSessionId());
                        say(icrp.assignedSessionId(), Exchange.iccn());
                        say(icrp.assignedSessionId(), Exchange.sli());
                    }
                    case Hello _ -> {}
                    case StopCcn _ -> heard.add("STOP_CCN");
                    case ControlMessage message -> heard.add(message.type().name());
                    default -> throw new AssertionError(description + ": " + packet);
                }
            }

            void flush() {
                ReliableChannel.Transmission transmission = channel.flush(now, RetransmitPolicy.RECOMMENDED, false);
                assertThat(transmission.dead()).as(description).isFalse();
                channel = transmission.channel();
                for (Segment segment : transmission.segments()) {
                    if (arrives()) {
                        toUs.add(decoded(L2tpCodec.frame(
                                tunnelId, segment.sessionId(), segment.ns(), segment.nr(), segment.body())));
                    }
                }
            }

            private ControlPacket decoded(Bytes datagram) {
                try {
                    return L2tpCodec.decode(datagram.toByteArray(), null);
                } catch (WireException e) {
                    throw new AssertionError(description, e);
                }
            }
        }
    }
}
