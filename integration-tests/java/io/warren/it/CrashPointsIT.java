package io.warren.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.it.JournalGate.Side;
import io.warren.it.Life.Datagram;
import io.warren.it.Life.End;
import io.warren.journal.PostgresqlServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A node is killed at every point of a call's life at which something is written to the journal or sent to the peer, just
 * before and just after; then it is started again, and the peer goes on as the protocol says. It must see no gap in Ns
 * and no Ns again with other content, and every call must come to its end in order: none is lost.
 *
 * <p>To kill a node as seldom as can be, each kill is at one point of the journal for one {@link Life} and at a few
 * points of the wire for others: these stop there one after the other, and the node has nothing to do for them.
 */
@SuppressWarnings("NullAway.Init")
class CrashPointsIT {
    private static final int POSTGRESQL_PORT = 5432;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** What a life that has stopped has left to write is written then. */
    private static final Duration REST = Duration.ofMillis(150);

    /** The events with which a call and its tunnel end. */
    private static final Pattern END = Pattern.compile("ended|closed");

    @RegisterExtension
    static final Lab LAB = Lab.withNode(Means.POSTGRESQL);

    static JournalGate gate;
    static WarrenNode node;

    private final long seed = new Random().nextLong();
    private final Random seeds = new Random(seed);
    /** Events and datagrams before or after which the node was killed. */
    private final Set<String> killedAt = new TreeSet<>();

    private int lives;
    private int steppedBack;

    /** The write of an event of a life to the journal. */
    private record Write(End end, String event, Side side) {}

    /** A datagram to the peer of a life. */
    private record Sending(End end, Datagram datagram) {}

    @BeforeAll
    static void start() {
        PostgresqlServer server =
                LAB.owning(PostgresqlServer.start(LAB.topology().inside("lns"), POSTGRESQL_PORT));
        gate = LAB.owning(JournalGate.before(LAB.topology(), POSTGRESQL_PORT));
        // Hidden AVPs and Random Vectors must be the same when they are repeated; HELLOs come soon.
        WarrenNode.Settings settings = WarrenNode.Settings.PLAIN
                .withSecret(Life.TUNNEL_SECRET)
                .with(server.configuration(gate.port()))
                .with("warren { hide-avps = on, hello-interval = 500ms, retransmit.initial = 400ms }");
        node = LAB.owning(WarrenNode.configured(LAB.topology(), settings));
        node.command("schema", "--apply");
        node.start();
    }

    @Test
    void thePeerSeesNeitherAGapNorAReusedNsWhereverTheNodeIsKilled() throws IOException {
        List<Write> writes = new ArrayList<>();
        Deque<Sending> sendings = new ArrayDeque<>();
        Set<String> wanted = new TreeSet<>();
        for (End end : List.of(End.BY_PEER, End.BY_NODE)) {
            gate.forget();
            Life life = begin(end, null);
            finish(List.of(life), "not killed");
            for (String event : gate.events()) {
                // Until it ends, the one life is written like the other.
                if (end == End.BY_PEER || END.matcher(event).find()) {
                    writes.add(new Write(end, event, Side.BEFORE));
                    writes.add(new Write(end, event, Side.AFTER));
                }
                noteBothSides(wanted, event);
            }
            for (Datagram datagram : points(life.datagrams())) {
                if (end == End.BY_PEER || !wanted.contains(datagram.side() + datagram.kind())) {
                    sendings.add(new Sending(end, datagram));
                }
            }
            life.datagrams().forEach(kind -> noteBothSides(wanted, kind));
        }
        for (int done = 0; done < writes.size(); done++) {
            int share = Math.ceilDiv(sendings.size(), writes.size() - done);
            List<Sending> together = new ArrayList<>();
            while (together.size() < share) {
                together.add(sendings.remove());
            }
            round(writes.get(done), together);
        }
        System.out.println("seed " + seed + ", Nr stepped back at a kill by " + steppedBack + " at most");
        assertThat(killedAt).containsAll(wanted);
    }

    private static void noteBothSides(Set<String> points, String what) {
        points.add("before " + what);
        points.add("after " + what);
    }

    /** Each datagram, to be lost and to arrive. */
    private static List<Datagram> points(List<String> kinds) {
        List<Datagram> points = new ArrayList<>();
        for (int i = 0; i < kinds.size(); i++) {
            int occurrence = Collections.frequency(kinds.subList(0, i + 1), kinds.get(i));
            points.add(new Datagram(kinds.get(i), occurrence, false));
            points.add(new Datagram(kinds.get(i), occurrence, true));
        }
        return points;
    }

    private void round(Write write, List<Sending> sendings) throws IOException {
        long begun = System.nanoTime();
        List<Life> all = new ArrayList<>();
        for (Sending sending : sendings) {
            all.add(begin(sending.end(), sending.datagram()));
        }
        for (Life life : all) {
            Await.until(life + " stops", PATIENCE, () -> life.hasStopped() || life.isOver());
        }
        Await.pause(REST);
        gate.holdAt(write.event(), write.side());
        Life written = begin(write.end(), null);
        all.add(written);
        Await.until(written + " comes to " + write, PATIENCE, () -> !gate.held().isEmpty() || written.isOver());
        Set<String> held = gate.held();
        long killed = System.nanoTime();
        node.kill();
        gate.reset();
        all.forEach(Life::nodeKilled);
        node.start();
        long ready = System.nanoTime();
        String what = note(held, write.side(), sendings, all);
        finish(all, what);
        System.out.printf(
                "%4.1f s until killed, %4.1f until ready, %4.1f until all was over: %s%n",
                (killed - begun) / 1e9, (ready - killed) / 1e9, (System.nanoTime() - ready) / 1e9, what);
    }

    /** A point that this life has not come to was one too many, and is none. */
    private String note(Set<String> held, Side side, List<Sending> sendings, List<Life> stopping) {
        Set<String> here = new TreeSet<>();
        held.forEach(event -> here.add(side.text + event));
        for (int i = 0; i < sendings.size(); i++) {
            Datagram datagram = sendings.get(i).datagram();
            if (stopping.get(i).hasStopped()) {
                here.add(datagram.side() + datagram.kind());
            }
        }
        killedAt.addAll(here);
        return "killed " + here;
    }

    private Life begin(End end, @Nullable Datagram stop) {
        return Life.begin(LAB.topology(), node, ++lives, end, stop, seeds.nextLong());
    }

    /** Lets lives come to their end, and judges them. */
    private void finish(List<Life> all, String what) throws IOException {
        try {
            for (Life life : all) {
                Await.until(life + " is over", PATIENCE, life::isOver);
            }
            // The node's last word may not be acknowledged yet, and the peer has to stay and do so.
            Await.until("the node has nothing left to say", PATIENCE, CrashPointsIT::allIsClosed);
        } catch (AssertionError e) {
            StringBuilder heard = new StringBuilder(what).append(", seed ").append(seed);
            for (Life life : all) {
                heard.append('\n')
                        .append(life)
                        .append(' ')
                        .append(life.faults())
                        .append('\n');
                heard.append(life.ledger());
            }
            throw new AssertionError(heard.toString(), e);
        }
        for (Life life : all) {
            life.close();
            assertThat(life.faults())
                    .as("%s, %s, seed %d%n%s", what, life, seed, life.ledger())
                    .isEmpty();
            steppedBack = Math.max(steppedBack, life.ledger().steppedBack());
        }
    }

    private static boolean allIsClosed() {
        return node.tunnels().stream()
                .allMatch(tunnel -> tunnel.path("state").asText().equals("closed"));
    }
}
