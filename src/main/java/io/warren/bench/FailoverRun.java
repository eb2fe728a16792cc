package io.warren.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Dials, and watches calls and traffic while commands do something to the LNS. The sides run in namespaces that somebody
 * else has made.
 */
final class FailoverRun implements AutoCloseable {
    private static final Duration BEFORE = Duration.ofSeconds(3);
    private static final Duration WARM_UP = Duration.ofSeconds(2);
    private static final Duration ON_THE_WAY = Duration.ofMillis(500);
    private static final Duration LAST_SET_UPS = Duration.ofSeconds(15);
    private static final Duration LOOK = Duration.ofMillis(50);
    /** The side that answers is asked for what it cannot bound by itself. */
    private static final double LONGEST_SECONDS = 3_600;

    private static final double WAKE_UPS_PER_SECOND = 1_000;

    /**
     * @param coreAddress in the namespace of the core
     * @param dial the calls that are watched
     * @param turnover calls beside them; null: none
     * @param rate packets per second, each way
     * @param size of the IP packets, octets
     * @param train at most so many packets of one call follow one another
     * @param seconds each round takes at least
     * @param afterSeconds a round goes on after its command at least
     * @param commands one for each round; empty: one round without
     * @param patience with a command
     */
    record Plan(
            String coreAddress,
            Order.Dial dial,
            Order.@Nullable Turnover turnover,
            double rate,
            int size,
            int train,
            double seconds,
            double afterSeconds,
            List<String> commands,
            Duration patience) {}

    private final Namespaces place;
    private final Plan plan;
    private final Consumer<String> progress;
    private final RemoteSide lac;
    private final RemoteSide core;
    private int run;
    private int flows;
    private Answer.Kept keptBefore =
            new Answer.Kept(0, 0, 0, 0, new Answer.Control(0, 0, 0, 0, Gaps.NONE, 0, 0, 0), List.of());

    /** @param place with the roles {@code lac} and {@code core}; closed with this */
    FailoverRun(Namespaces place, Plan plan, Consumer<String> progress) {
        this.place = place;
        this.plan = plan;
        this.progress = progress;
        try {
            lac = RemoteSide.start(place, "lac", plan.coreAddress());
            core = RemoteSide.start(place, "core", plan.coreAddress());
        } catch (RuntimeException e) {
            place.close();
            throw e;
        }
    }

    FailoverReport carryOut() {
        Answer.Dialled dialled = lac.obey(plan.dial(), Answer.Dialled.class);
        progress.accept(
                "%d calls are up after %.1f s, %d failed".formatted(dialled.up(), dialled.seconds(), dialled.failed()));
        if (dialled.up() == 0) {
            throw new BenchFailed("no call came up: " + place.tail("side-lac"));
        }
        flows = dialled.up();
        core.obey(new Order.Flows(dialled.addresses()));
        if (plan.turnover() != null) {
            lac.obey(plan.turnover());
        }
        FailoverReport.WarmUp warmUp = warmUp();
        List<FailoverReport.Round> rounds = new ArrayList<>();
        for (int index = 0; index < Math.max(1, plan.commands().size()); index++) {
            String command = plan.commands().isEmpty() ? null : plan.commands().get(index);
            rounds.add(round(command, index + 1 >= plan.commands().size()));
        }
        lac.obey(new Order.HangUp(), Answer.HungUp.class);
        return new FailoverReport(
                plan.dial().tunnels().lns(),
                plan.dial().tunnels().count(),
                dialled.up(),
                dialled.failed(),
                dialled.seconds(),
                warmUp,
                List.copyOf(rounds),
                dialled.failed() == 0 && rounds.stream().allMatch(FailoverReport.Round::allRight));
    }

    /** Java compiles, and routes are found. What comes and what does not is not looked at. */
    private FailoverReport.WarmUp warmUp() {
        begin();
        Program.pause(WARM_UP);
        Answer.Sent up = lac.obey(new Order.End(), Answer.Sent.class);
        Answer.Sent down = core.obey(new Order.End(), Answer.Sent.class);
        Program.pause(ON_THE_WAY);
        return new FailoverReport.WarmUp(up.packets(), down.packets());
    }

    private void begin() {
        run++;
        lac.obey(new Order.Expect(run, true));
        core.obey(new Order.Expect(run, true));
        Order.Begin begin = new Order.Begin(new Order.Send(
                run, plan.rate(), LONGEST_SECONDS, plan.size(), plan.size(), plan.train(), WAKE_UPS_PER_SECOND));
        core.obey(begin);
        lac.obey(begin);
    }

    /** What a command came to. */
    private record Done(int status, double seconds) {}

    private FailoverReport.Round round(@Nullable String command, boolean last) {
        long began = System.nanoTime();
        begin();
        Program.pause(BEFORE);
        long ready = System.nanoTime();
        Done done = command == null ? new Done(0, 0) : execute(command);
        double passed = (System.nanoTime() - began) / 1e9;
        double more = Math.max(plan.seconds() - passed, command == null ? 0 : plan.afterSeconds());
        Program.pause(Duration.ofMillis((long) (Math.max(0, more) * 1_000)));
        return judge(command, done, ready, last);
    }

    private Done execute(String command) {
        progress.accept("begins: " + command);
        long began = System.nanoTime();
        try {
            // Owned, so that it ends with the sides when this program is told to end.
            Process process = place.owning(new ProcessBuilder("sh", "-c", "exec >&2\n" + command)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
            boolean ended = process.waitFor(plan.patience().toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                process.destroyForcibly().waitFor();
            }
            Done done = new Done(ended ? process.exitValue() : 124, (System.nanoTime() - began) / 1e9);
            progress.accept("ended with %d after %.1f s".formatted(done.status(), done.seconds()));
            return done;
        } catch (IOException e) {
            throw new BenchFailed("cannot run sh", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchFailed("interrupted", e);
        }
    }

    private FailoverReport.Round judge(@Nullable String command, Done done, long ready, boolean last) {
        Answer.NewCalls newCalls = plan.turnover() != null ? newCalls(last) : null;
        Answer.Kept kept = lac.obey(new Order.CountKept(), Answer.Kept.class);
        Answer.Sent up = lac.obey(new Order.End(), Answer.Sent.class);
        long upEnded = System.nanoTime();
        Answer.Sent down = core.obey(new Order.End(), Answer.Sent.class);
        long downEnded = System.nanoTime();
        Program.pause(ON_THE_WAY);
        FailoverReport.Round round = new FailoverReport.Round(
                command,
                done.status(),
                done.seconds(),
                up.seconds(),
                traffic(up, core, upEnded, ready),
                traffic(down, lac, downEnded, ready),
                FailoverReport.Control.of(kept.control(), ready),
                newCalls == null ? null : FailoverReport.NewCalls.of(newCalls, ready),
                kept.lost() - keptBefore.lost(),
                kept.tunnelsClosed() - keptBefore.tunnelsClosed(),
                kept.control().cdns(),
                kept.control().stopCcns(),
                kept.renumbered() - keptBefore.renumbered(),
                kept.duplicateAddresses() - keptBefore.duplicateAddresses(),
                kept.happened().stream()
                        .map(happened -> FailoverReport.Event.of(happened, ready))
                        .toList());
        keptBefore = kept;
        return round;
    }

    private FailoverReport.Traffic traffic(Answer.Sent sent, RemoteSide receiver, long ended, long ready) {
        double meanTrain = (1 + plan.train()) / 2.0;
        long interval = (long) (flows / plan.rate() * meanTrain * 1e9);
        Gaps gaps = receiver.obey(new Order.Silent(ended, interval), Answer.Silence.class)
                .gaps();
        Answer.Counts counts = receiver.obey(new Order.Count(), Answer.Counts.class);
        return FailoverReport.Traffic.of(sent, counts, FailoverReport.Gap.of(gaps, ready));
    }

    /** In the last round the calls that are half up are waited for. */
    private Answer.NewCalls newCalls(boolean last) {
        if (!last) {
            return lac.obey(new Order.CountNewCalls(), Answer.NewCalls.class);
        }
        lac.obey(new Order.StopTurnover());
        long end = System.nanoTime() + LAST_SET_UPS.toNanos();
        Answer.NewCalls calls = lac.obey(new Order.CountNewCalls(), Answer.NewCalls.class);
        while (calls.pending() > 0 && System.nanoTime() < end) {
            Program.pause(LOOK);
            calls = lac.obey(new Order.CountNewCalls(), Answer.NewCalls.class);
        }
        return calls;
    }

    /** Ends the sides. */
    @Override
    public void close() {
        place.close();
    }
}
