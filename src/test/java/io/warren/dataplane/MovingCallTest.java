package io.warren.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.Moment;
import io.warren.control.port.CallMeters;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.SessionCounters;
import io.warren.control.port.SessionKey;
import io.warren.control.session.SessionDecider;
import io.warren.control.session.SessionDecision;
import io.warren.control.session.SessionEvent;
import io.warren.control.session.SessionInput;
import io.warren.control.session.SessionSettings;
import io.warren.control.session.SessionState;
import io.warren.control.tunnel.CallOffer;
import io.warren.ppp.LinkParameters;
import io.warren.ppp.LinkSettings;
import io.warren.wire.l2tp.AccessLine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A call that goes from node to node in every way there is, while it moves octets and nodes tell each other of their
 * meters, late or never. What is accounted for is never more than what was moved, and less only by what no node that is
 * left had heard of.
 */
class MovingCallTest {
    private static final int CALLS = 1_500;
    private static final int STEPS = 60;
    private static final int SHARD = 3;
    private static final SessionKey KEY = new SessionKey(SHARD << 8 | 1, 9);
    private static final ForwardingEntry ENTRY = Samples.entry(KEY.tunnelId(), KEY.sessionId(), 42);
    private static final SessionSettings SETTINGS = settings();

    private record Told(ForwardingTable to, CallMeters call, boolean byOwner) {}

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    /** How far the true counters of the call have come, by meter; those of nodes that are gone, too. */
    private Map<Long, SessionCounters> truth = new HashMap<>();

    /** What of that is known to somebody who is left. */
    private long lost;

    private final List<SessionEvent> journal = new ArrayList<>();
    private final List<Told> underWay = new ArrayList<>();
    private ForwardingTable owner = node();
    private ForwardingTable standby = node();
    private String history = "";

    private static ForwardingTable node() {
        return new ForwardingTable(local -> 0, 1_500);
    }

    private static SessionSettings settings() {
        return new SessionSettings(
                new LinkSettings(
                        List.of(),
                        "warren",
                        1_400,
                        1,
                        Duration.ofSeconds(3),
                        Duration.ofMillis(300),
                        10,
                        2,
                        5,
                        Duration.ofSeconds(20),
                        3,
                        Duration.ofSeconds(20)),
                null,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                new SessionSettings.Accounting(Duration.ofMinutes(5)),
                null);
    }

    private void begin() {
        truth = new HashMap<>();
        lost = 0;
        journal.clear();
        underWay.clear();
        owner = node();
        standby = node();
        history = "";
        CallOffer offer = new CallOffer(
                KEY,
                ENTRY.path(),
                false,
                ENTRY.peerTunnelId(),
                ENTRY.peerSessionId(),
                "peer",
                1,
                "",
                "",
                null,
                AccessLine.NONE,
                Instant.EPOCH);
        journal.add(new SessionEvent.Connected(Instant.EPOCH, offer, 0, 0, false));
        journal.add(new SessionEvent.NetworkUp(
                Instant.EPOCH,
                "anna",
                new LinkParameters(0, 0, 1400, 1400, false, false, 1, 42, List.of()),
                List.of(),
                null,
                null,
                true));
        owner.install(ENTRY);
        standby.standBy(List.of(ENTRY));
    }

    private SessionState state() {
        SessionState state = new SessionState.Idle(KEY);
        for (SessionEvent event : journal) {
            state = SessionDecider.evolve(state, event);
        }
        return state;
    }

    private SessionDecision decide(SessionInput input) {
        return SessionDecider.decide(state(), input, SETTINGS, new Moment(1, Instant.EPOCH, random), owner.meters(KEY));
    }

    /** What its stop would say if it were over now. */
    private SessionCounters accounted() {
        SessionEvent over = decide(new SessionInput.TunnelDown("over")).events().getFirst();
        return ((SessionEvent.Over) over).counters();
    }

    private void note() {
        for (SessionEvent event : decide(new SessionInput.Leave()).events()) {
            journal.add(event);
        }
        Map<Long, SessionCounters> noted = noted();
        owner.noted(KEY, noted);
    }

    private Map<Long, SessionCounters> noted() {
        Map<Long, SessionCounters> noted = new HashMap<>();
        for (SessionEvent event : journal) {
            if (event instanceof SessionEvent.TrafficNoted(var _, var _, long meter, var shows)) {
                noted.put(meter, shows);
            }
        }
        return noted;
    }

    private void move(ForwardingTable node) {
        Slot slot = node.up(ForwardingTable.key(KEY));
        if (slot == null) {
            return;
        }
        int octets = random.nextInt(1, 1_000);
        if (random.nextBoolean()) {
            slot.traffic.countUp(octets);
        } else {
            slot.traffic.countRelayedDown(octets);
        }
        truth.put(slot.traffic.meter, slot.traffic.read());
    }

    private void tell(ForwardingTable from, ForwardingTable to, boolean byOwner) {
        from.readMeters(shard -> shard == SHARD, (own, call) -> {
            CallMeters told =
                    byOwner ? call : call.with(Map.of(own, call.meters().getOrDefault(own, SessionCounters.ZERO)));
            underWay.add(new Told(to, told, byOwner));
        });
    }

    /** In any order, perhaps twice, perhaps never; also to a node that is another by now. */
    private void deliver() {
        if (!underWay.isEmpty()) {
            int index = random.nextInt(underWay.size());
            Told told = random.nextInt(4) == 0 ? underWay.get(index) : underWay.remove(index);
            if (random.nextInt(10) != 0) {
                told.to().learnMeters(List.of(told.call()), told.byOwner());
            }
        }
    }

    private void negotiateAnew() {
        owner.remove(KEY);
        if (random.nextBoolean()) {
            note();
        }
        forgetAtStandby();
        owner.install(ENTRY);
        standby.standBy(List.of(ENTRY));
    }

    /** What it had counted itself and told nobody goes, too. */
    private void forgetAtStandby() {
        standby.standDown(List.of(KEY));
        standby.forgetMeters(List.of(KEY));
        countLost();
    }

    private void kill() {
        ForwardingTable dead = owner;
        owner = standby;
        standby = node();
        owner.installAll(List.of(ENTRY));
        standby.standBy(List.of(ENTRY));
        underWay.replaceAll(told -> told.to() == dead ? new Told(standby, told.call(), told.byOwner()) : told);
        countLost();
    }

    private void killStandby() {
        standby = node();
        standby.standBy(List.of(ENTRY));
        countLost();
    }

    /** The owner notes, and forwards for a while yet. */
    private void move(boolean journalIsThere, boolean stays) {
        if (journalIsThere) {
            note();
        }
        move(owner);
        ForwardingTable before = owner;
        owner = standby;
        standby = before;
        owner.installAll(List.of(ENTRY));
        if (stays) {
            standby.demote(SHARD);
        } else {
            standby.readMeters(
                    shard -> shard == SHARD, (_, call) -> owner.learnMeters(List.of(call), random.nextBoolean()));
            standby.forgetShard(SHARD);
            standby.standBy(List.of(ENTRY));
        }
        countLost();
    }

    /** What neither the journal knows nor a node that is left. */
    private void countLost() {
        Map<Long, SessionCounters> known = noted();
        for (ForwardingTable node : List.of(owner, standby)) {
            node.readMeters(
                    shard -> true,
                    (_, call) ->
                            call.meters().forEach((number, shows) -> known.merge(number, shows, SessionCounters::max)));
        }
        lost = octets(truth) - octets(known);
    }

    private static long octets(Map<Long, SessionCounters> meters) {
        return meters.values().stream().mapToLong(MovingCallTest::octets).sum();
    }

    private static long octets(SessionCounters counters) {
        return counters.upOctets() + counters.downOctets();
    }

    private void step() {
        int choice = random.nextInt(100);
        history += choice + " ";
        if (choice < 30) {
            move(owner);
        } else if (choice < 40) {
            move(standby);
        } else if (choice < 55) {
            tell(owner, standby, true);
        } else if (choice < 63) {
            tell(standby, owner, false);
        } else if (choice < 80) {
            deliver();
        } else if (choice < 86) {
            note();
        } else if (choice < 89) {
            negotiateAnew();
        } else if (choice < 93) {
            kill();
        } else if (choice < 95) {
            killStandby();
        } else {
            move(random.nextInt(4) != 0, random.nextBoolean());
        }
    }

    private void checkNeverTooMuch() {
        SessionCounters sum = SessionCounters.ZERO;
        for (SessionCounters shows : truth.values()) {
            sum = sum.plus(shows);
        }
        assertThat(sum.atLeast(accounted()))
                .as("%s is more than %s; seed %d, %s", accounted(), sum, seed, history)
                .isTrue();
    }

    @Test
    void isNeverAccountedForTwiceAndOnlyWhatNobodyHeardOfIsLost() {
        long losses = 0;
        for (int call = 0; call < CALLS; call++) {
            begin();
            for (int step = 0; step < STEPS; step++) {
                step();
                checkNeverTooMuch();
            }
            underWay.clear();
            countLost();
            standby.readMeters(shard -> true, (_, told) -> owner.learnMeters(List.of(told), false));
            assertThat(octets(accounted())).as("seed %d, %s", seed, history).isEqualTo(octets(truth) - lost);
            note();
            assertThat(octets(accounted())).isEqualTo(octets(truth) - lost);
            losses += lost;
        }
        assertThat(losses).as("kills were seen").isPositive();
    }

    /** The standby is told each second, and what it was told last is what it goes on from. */
    @Test
    void aKillLosesNoMoreThanWhatWasMovedSinceTheStandbyWasTold() {
        begin();
        @Nullable Slot slot = owner.up(ForwardingTable.key(KEY));
        assertThat(slot).isNotNull();
        slot.traffic.countUp(1_000);
        note();
        slot.traffic.countUp(500);
        tell(owner, standby, true);
        standby.learnMeters(List.of(underWay.getFirst().call()), true);
        slot.traffic.countUp(7);
        truth.put(slot.traffic.meter, slot.traffic.read());
        kill();
        assertThat(accounted().upOctets()).isEqualTo(1_500);
        assertThat(lost).isEqualTo(7);
    }
}
