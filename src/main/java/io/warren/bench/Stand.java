package io.warren.bench;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** The network with the sides that generate traffic: what every measurement is made of. */
final class Stand implements AutoCloseable {
    private static final Duration ON_THE_WAY = Duration.ofMillis(150);
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration LONGEST_REST = Duration.ofSeconds(45);
    private static final double QUIET = 0.06;
    private static final int DIAL_SECONDS = 180;
    /** A sender sends so often that what it sends is spread evenly. */
    private static final double WAKE_UPS_PER_SECOND = 8_000;

    private final Network network;
    private final RemoteSide lac;
    private final RemoteSide lnsSide;
    private final RemoteSide core;
    private int run;

    Stand(boolean gro) {
        network = Network.create(gro);
        try {
            lac = RemoteSide.start(network.namespaces(), "lac", Network.CORE_ADDRESS);
            lnsSide = RemoteSide.start(network.namespaces(), "lns");
            core = RemoteSide.start(network.namespaces(), "core", Network.CORE_ADDRESS);
        } catch (RuntimeException e) {
            network.close();
            throw e;
        }
    }

    Namespaces namespaces() {
        return network.namespaces();
    }

    /** The helper in the namespace of the LNS. */
    RemoteSide beside() {
        return lnsSide;
    }

    /** A direction of traffic. */
    enum Direction {
        /** From the subscribers. */
        UP,
        /** To them. */
        DOWN
    }

    /** How packets are sent; see {@link Order.Send}. */
    record Load(double rate, double seconds, int least, int most, int train) {
        Order.Send order(int run) {
            return new Order.Send(run, rate, seconds, least, most, train, WAKE_UPS_PER_SECOND);
        }
    }

    /** How calls came up, and what it cost. */
    record SetUp(Answer.Dialled dialled, double lnsCpuSeconds, double generatorCpuSeconds) {
        double rate() {
            return dialled.up() / dialled.seconds();
        }

        /** The generator is one thread. */
        boolean generatorLimited() {
            return generatorCpuSeconds > 0.9 * dialled.seconds();
        }
    }

    SetUp dial(Lns lns, int tunnels, int calls, int inFlight) {
        double lnsBefore = ProcessFigures.cpuSeconds(lns.pid());
        double lacBefore = lac.cpuSeconds();
        Answer.Dialled dialled = lac.obey(
                new Order.Dial(
                        new Order.Tunnels(Network.LNS_ADDRESS, tunnels, Lns.SECRET, Lns.PASSWORD, false),
                        calls,
                        inFlight,
                        DIAL_SECONDS),
                Answer.Dialled.class);
        SetUp setUp =
                new SetUp(dialled, ProcessFigures.cpuSeconds(lns.pid()) - lnsBefore, lac.cpuSeconds() - lacBefore);
        core.obey(new Order.Flows(dialled.addresses()));
        return setUp;
    }

    /** @return calls that the LNS had ended before */
    int hangUp() {
        return lac.obey(new Order.HangUp(), Answer.HungUp.class).lost();
    }

    Trial trial(Lns lns, Direction direction, Load load) {
        return switch (direction) {
            case UP -> trial(lns, lac, core, load);
            case DOWN -> trial(lns, core, lac, load);
        };
    }

    private Trial trial(Lns lns, RemoteSide from, RemoteSide to, Load load) {
        int number = nextRun();
        to.obey(new Order.Expect(number, false));
        double lnsBefore = ProcessFigures.cpuSeconds(lns.pid());
        double generatorBefore = from.cpuSeconds() + to.cpuSeconds();
        Answer.Sent sent = from.obey(load.order(number), Answer.Sent.class);
        Program.pause(ON_THE_WAY);
        Answer.Counts counts = to.obey(new Order.Count(), Answer.Counts.class);
        return new Trial(
                load.rate(),
                sent.packets(),
                counts.received(),
                sent.seconds(),
                ProcessFigures.cpuSeconds(lns.pid()) - lnsBefore,
                from.cpuSeconds() + to.cpuSeconds() - generatorBefore,
                counts.anomalies(),
                counts.medianMicros(),
                counts.p99Micros());
    }

    /** Both directions at once. */
    record Both(Trial up, Trial down) {
        Anomalies anomalies() {
            return up.anomalies().plus(down.anomalies());
        }
    }

    /** The sides are locked while they send: the counts of each are asked for when both have sent. */
    Both both(Lns lns, Load load) {
        int number = nextRun();
        lac.obey(new Order.Expect(number, false));
        core.obey(new Order.Expect(number, false));
        double lnsBefore = ProcessFigures.cpuSeconds(lns.pid());
        Supplier<Answer.Sent> sendDown = () -> core.obey(load.order(number), Answer.Sent.class);
        CompletableFuture<Answer.Sent> sentDown = CompletableFuture.supplyAsync(sendDown);
        Answer.Sent up = lac.obey(load.order(number), Answer.Sent.class);
        Answer.Sent down = sentDown.join();
        Program.pause(ON_THE_WAY);
        double lnsCpu = ProcessFigures.cpuSeconds(lns.pid()) - lnsBefore;
        return new Both(
                trial(load, up, core.obey(new Order.Count(), Answer.Counts.class), lnsCpu),
                trial(load, down, lac.obey(new Order.Count(), Answer.Counts.class), lnsCpu));
    }

    private static Trial trial(Load load, Answer.Sent sent, Answer.Counts counts, double lnsCpu) {
        return new Trial(
                load.rate(),
                sent.packets(),
                counts.received(),
                sent.seconds(),
                lnsCpu,
                0,
                counts.anomalies(),
                counts.medianMicros(),
                counts.p99Micros());
    }

    private int nextRun() {
        return ++run;
    }

    /** Waits until the LNS has nothing more to do from before. */
    static void rest(Lns lns) {
        long end = System.nanoTime() + LONGEST_REST.toNanos();
        double before = ProcessFigures.cpuSeconds(lns.pid());
        double worked;
        do {
            Program.pause(LOOK);
            double now = ProcessFigures.cpuSeconds(lns.pid());
            worked = now - before;
            before = now;
        } while (worked > QUIET * LOOK.toMillis() / 1_000 && System.nanoTime() < end);
    }

    @Override
    public void close() {
        network.close();
    }
}
