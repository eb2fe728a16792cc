package io.warren.radius;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.OrderedPSet;
import org.pcollections.PMap;
import org.pcollections.PSet;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/**
 * The requests that are under way, and what is known of the servers: which one is asked, when a request is repeated
 * (RFC 5080 §2.2.1, with a factor of two and a tenth of jitter), when a server counts as dead. A server over TLS gets a
 * request once on each connection (RFC 6613 §2.6.1). A value; owns no socket and no clock. Times are monotonic
 * nanoseconds.
 *
 * @param states as many as servers
 * @param open by number
 * @param waiting those of them that no server has room for, in order
 */
record Exchanges(
        List<Server> servers,
        Policy policy,
        PVector<State> states,
        PMap<Long, Exchange> open,
        OrderedPSet<Long> waiting) {
    /** As many may try whether a server that was dead answers again. */
    static final int PROBES = 16;

    /** As many may try a server that is dead yet, when there is no other; whoever comes then is refused at once. */
    static final int LAST_RESORTS = 4;

    /** Of all servers together, the waiting ones included. */
    static final int MOST_OPEN = 65_536;

    static final String SILENT = "no RADIUS server answers";
    static final String FULL = "the RADIUS servers have too much to do";

    private static final int NO_SERVER = -1;

    /**
     * @param priority, weight, limit as in the settings
     * @param reliable whether what is sent to it arrives or its connection ends
     */
    record Server(int priority, int weight, int limit, boolean reliable) {
        /** Over UDP. */
        Server(int priority, int weight, int limit) {
            this(priority, weight, limit, false);
        }
    }

    /**
     * @param timeout until the first repetition
     * @param attempts to one server, the first included
     * @param deadTime for which a silent server is left alone
     */
    record Policy(long timeout, int attempts, long deadTime) {}

    /**
     * What is known of a server.
     *
     * @param outstanding requests that wait for its answer
     * @param answeredAt when it answered last, if it ever did
     * @param dead whether it was silent when it should have answered, and did not answer since
     * @param unreachable whether it is dead since there is no connection to it
     * @param deadUntil when it may be tried again, if it is dead
     */
    record State(
            int outstanding, boolean everAnswered, long answeredAt, boolean dead, boolean unreachable, long deadUntil) {
        static final State NEW = new State(0, false, 0, false, false, 0);

        boolean takes(Server server, long now) {
            return lives(now) && outstanding < (dead ? Math.min(PROBES, server.limit()) : server.limit());
        }

        boolean lives(long now) {
            return !dead || now - deadUntil >= 0;
        }

        State plus(int requests) {
            return new State(outstanding + requests, everAnswered, answeredAt, dead, unreachable, deadUntil);
        }

        State answered(long now) {
            return new State(outstanding, true, now, false, false, 0);
        }

        /** Whoever tries it before its time does not make that longer. */
        State silent(long now, long deadTime) {
            return lives(now) ? new State(outstanding, everAnswered, answeredAt, true, false, now + deadTime) : this;
        }

        State withoutConnection(long now, long deadTime) {
            return lives(now) ? new State(outstanding, everAnswered, answeredAt, true, true, now + deadTime) : this;
        }

        /** It may be tried at once, unless it was silent while there was a connection. */
        State connected(long now) {
            return unreachable ? new State(outstanding, everAnswered, answeredAt, true, true, now) : this;
        }

        boolean answeredSince(long then) {
            return everAnswered && answeredAt - then >= 0;
        }
    }

    /**
     * One request.
     *
     * @param tried servers that are not to be asked: they were asked before, or would not know what it is about
     * @param server that is being asked; -1 while it waits
     * @param sent how often, to this server
     * @param probe whether this server was dead and is only tried since there is no other
     * @param since when it was sent to this server first, or began to wait
     * @param due when it is to be repeated or given up
     */
    record Exchange(PSet<Integer> tried, int server, int sent, boolean probe, long since, long due) {
        static Exchange waiting(PSet<Integer> tried, long now, long due) {
            return new Exchange(tried, NO_SERVER, 0, false, now, due);
        }

        Exchange again(long due) {
            return new Exchange(tried, server, sent + 1, probe, since, due);
        }
    }

    /** What is to be done now. */
    sealed interface Action {
        /** To this server, which has not seen it, or on another connection. */
        record Send(long exchange, int server) implements Action {}

        /** The same octets to the same server. */
        record Repeat(long exchange) implements Action {}

        record GiveUp(long exchange, String reason) implements Action {}

        /** For the log. */
        record Died(int server) implements Action {}

        /** For the log. */
        record Lives(int server) implements Action {}
    }

    record Step(Exchanges next, List<Action> actions) {}

    static Exchanges of(List<Server> servers, Policy policy) {
        return new Exchanges(
                List.copyOf(servers),
                policy,
                TreePVector.from(Collections.nCopies(servers.size(), State.NEW)),
                HashTreePMap.empty(),
                OrderedPSet.empty());
    }

    /** A new request, for any server. */
    Step ask(long number, long now, RandomGenerator random) {
        return ask(number, HashTreePSet.empty(), now, random);
    }

    /** A new request for this server and no other, since no other knows what it began. */
    Step ask(long number, int server, long now, RandomGenerator random) {
        PSet<Integer> others = HashTreePSet.empty();
        for (int i = 0; i < servers.size(); i++) {
            if (i != server) {
                others = others.plus(i);
            }
        }
        return ask(number, others, now, random);
    }

    private Step ask(long number, PSet<Integer> notThese, long now, RandomGenerator random) {
        if (open.size() >= MOST_OPEN) {
            return new Step(this, List.of(new Action.GiveUp(number, FULL)));
        }
        Exchange exchange = Exchange.waiting(notThese, now, now);
        List<Action> actions = new ArrayList<>(1);
        return new Step(place(number, exchange, now, random, actions), actions);
    }

    /** A genuine answer to this request has come. */
    Step answered(long number, long now, RandomGenerator random) {
        Exchange exchange = open.get(number);
        if (exchange == null || exchange.server() == NO_SERVER) {
            return new Step(this, List.of());
        }
        List<Action> actions = new ArrayList<>(1);
        State before = states.get(exchange.server());
        if (before.dead()) {
            actions.add(new Action.Lives(exchange.server()));
        }
        Exchanges next =
                with(open.minus(number)).with(exchange.server(), before.plus(-1).answered(now));
        return new Step(next.serveWaiting(now, random, actions), actions);
    }

    /** There is no connection to a server, and none can be had. */
    Step unreachable(int server, long now) {
        State state = states.get(server);
        List<Action> actions = state.dead() ? List.of() : List.of(new Action.Died(server));
        return new Step(with(server, state.withoutConnection(now, policy.deadTime())), actions);
    }

    /** There is a connection to a server. Its first answer shows whether it lives. */
    Step connected(int server, long now, RandomGenerator random) {
        List<Action> actions = new ArrayList<>();
        Exchanges next = with(server, states.get(server).connected(now));
        return new Step(next.serveWaiting(now, random, actions), actions);
    }

    /** The connection that a request was sent on has ended without an answer. It gets no more time for that. */
    Step lost(long number, long now, RandomGenerator random) {
        Exchange exchange = open.get(number);
        if (exchange == null || exchange.server() == NO_SERVER) {
            return new Step(this, List.of());
        }
        if (exchange.sent() < policy.attempts()) {
            Exchanges next = with(open.plus(number, exchange.again(exchange.due())));
            return new Step(next, List.of(new Action.Send(number, exchange.server())));
        }
        List<Action> actions = new ArrayList<>(1);
        return new Step(moveOn(number, exchange, now, random, actions), actions);
    }

    /** Time has passed. */
    Step tick(long now, RandomGenerator random) {
        Exchanges next = this;
        List<Action> actions = new ArrayList<>();
        for (var entry : open.entrySet()) {
            long number = entry.getKey();
            Exchange exchange = entry.getValue();
            if (now - exchange.due() >= 0) {
                next = next.due(number, exchange, now, random, actions);
            } else if (exchange.server() != NO_SERVER && next.isLost(exchange, now)) {
                next = next.moveOn(number, exchange, now, random, actions);
            }
        }
        return new Step(next.serveWaiting(now, random, actions), actions);
    }

    private Exchanges due(long number, Exchange exchange, long now, RandomGenerator random, List<Action> actions) {
        if (exchange.server() == NO_SERVER) {
            actions.add(new Action.GiveUp(number, FULL));
            return with(open.minus(number)).with(waiting.minus(number));
        }
        boolean onlyOnce = exchange.probe() || servers.get(exchange.server()).reliable();
        if (!onlyOnce && exchange.sent() < policy.attempts()) {
            actions.add(new Action.Repeat(number));
            return with(open.plus(number, exchange.again(now + timeout(exchange.sent() + 1, random))));
        }
        State state = states.get(exchange.server());
        Exchanges next = this;
        if (!exchange.probe() && !state.answeredSince(exchange.since())) {
            if (!state.dead()) {
                actions.add(new Action.Died(exchange.server()));
            }
            next = with(exchange.server(), state.silent(now, policy.deadTime()));
        }
        return next.moveOn(number, exchange, now, random, actions);
    }

    /** Whether its server has died meanwhile and another one could be asked instead. */
    private boolean isLost(Exchange exchange, long now) {
        State state = states.get(exchange.server());
        return state.dead()
                && !state.lives(now)
                && choose(server -> !exchange.tried().contains(server) && server != exchange.server(), now, () -> 0)
                        != NO_SERVER;
    }

    /** To another server. */
    private Exchanges moveOn(long number, Exchange exchange, long now, RandomGenerator random, List<Action> actions) {
        int server = exchange.server();
        Exchange freed = Exchange.waiting(exchange.tried().plus(server), now, now);
        return with(server, states.get(server).plus(-1)).place(number, freed, now, random, actions);
    }

    private Exchanges place(long number, Exchange exchange, long now, RandomGenerator random, List<Action> actions) {
        IntPredicate untried = server -> !exchange.tried().contains(server);
        int server = choose(untried, now, random::nextInt);
        if (server != NO_SERVER) {
            long wait = servers.get(server).reliable() ? longestWait() : timeout(1, random);
            return send(number, new Exchange(exchange.tried(), server, 1, false, now, now + wait), actions);
        }
        boolean roomLater = false;
        for (int i = 0; i < servers.size(); i++) {
            roomLater |= untried.test(i) && states.get(i).lives(now);
        }
        if (roomLater) {
            Exchange waits = Exchange.waiting(exchange.tried(), now, now + longestWait());
            return with(open.plus(number, waits)).with(waiting.plus(number));
        }
        int dead = lastResort(untried, now);
        if (dead != NO_SERVER) {
            return send(number, new Exchange(exchange.tried(), dead, 1, true, now, now + timeout(1, random)), actions);
        }
        actions.add(new Action.GiveUp(number, SILENT));
        return with(open.minus(number)).with(waiting.minus(number));
    }

    private Exchanges send(long number, Exchange placed, List<Action> actions) {
        int server = placed.server();
        actions.add(new Action.Send(number, server));
        return with(open.plus(number, placed))
                .with(waiting.minus(number))
                .with(server, states.get(server).plus(1));
    }

    /**
     * Of the servers that are dead, the one whose time is over first; -1 when each is being tried by enough. Else one
     * request that a lone server ignored would have all others refused for as long as the server counts as dead.
     */
    private int lastResort(IntPredicate eligible, long now) {
        int nearest = NO_SERVER;
        for (int i = 0; i < servers.size(); i++) {
            State state = states.get(i);
            boolean room =
                    state.outstanding() < Math.min(LAST_RESORTS, servers.get(i).limit());
            boolean earlier = nearest == NO_SERVER
                    || state.deadUntil() - states.get(nearest).deadUntil() < 0;
            if (eligible.test(i) && !state.lives(now) && room && earlier) {
                nearest = i;
            }
        }
        return nearest;
    }

    private Exchanges serveWaiting(long now, RandomGenerator random, List<Action> actions) {
        Exchanges next = this;
        while (!next.waiting.isEmpty()) {
            long first = next.waiting.iterator().next();
            Exchange exchange = next.open.get(first);
            if (exchange == null) {
                next = next.with(next.waiting.minus(first));
                continue;
            }
            PSet<Integer> tried = exchange.tried();
            if (next.choose(server -> !tried.contains(server), now, () -> 0) == NO_SERVER) {
                return next;
            }
            next = next.place(first, exchange, now, random, actions);
        }
        return next;
    }

    private interface Chance {
        int next();
    }

    /** Of the servers with the lowest priority number that have room, one by weight; -1 for none. */
    private int choose(IntPredicate eligible, long now, Chance chance) {
        int priority = Integer.MAX_VALUE;
        long weights = 0;
        for (int i = 0; i < servers.size(); i++) {
            Server server = servers.get(i);
            if (!eligible.test(i) || !states.get(i).takes(server, now) || server.priority() > priority) {
                continue;
            }
            weights = server.priority() < priority ? server.weight() : weights + server.weight();
            priority = server.priority();
        }
        if (weights == 0) {
            return NO_SERVER;
        }
        long at = Integer.toUnsignedLong(chance.next()) % weights;
        for (int i = 0; i < servers.size(); i++) {
            Server server = servers.get(i);
            if (server.priority() == priority
                    && eligible.test(i)
                    && states.get(i).takes(server, now)) {
                at -= server.weight();
                if (at < 0) {
                    return i;
                }
            }
        }
        return NO_SERVER;
    }

    private long timeout(int sent, RandomGenerator random) {
        long plain = policy.timeout() << (sent - 1);
        return plain + (long) (plain * (random.nextDouble() - 0.5) / 5);
    }

    /** As long as one server would be tried. */
    private long longestWait() {
        return policy.timeout() * ((1L << policy.attempts()) - 1);
    }

    private Exchanges with(PMap<Long, Exchange> now) {
        return new Exchanges(servers, policy, states, now, waiting);
    }

    private Exchanges with(OrderedPSet<Long> now) {
        return new Exchanges(servers, policy, states, open, now);
    }

    private Exchanges with(int server, State now) {
        return new Exchanges(servers, policy, states.with(server, now), open, waiting);
    }
}
