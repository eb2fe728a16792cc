package io.warren.control.cluster;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.cluster.MemberStatus;
import io.warren.control.cluster.address.LastAddresses;
import io.warren.control.ingress.PeerPositions;
import io.warren.control.ingress.TunnelNotice;
import io.warren.control.port.Placement;
import io.warren.control.port.SessionKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One on each node: says to the others what this node has, hears the same from them, and tells the forwarding plane what
 * follows. What it says is a few milliseconds old at most; a change waits {@link #TOGETHER} for others when another one
 * was just before it.
 */
public final class Board {
    static final Duration TOGETHER = Duration.ofMillis(20);

    /** The same for positions of peers: a peer that has our acknowledgement must not find a standby that has not. */
    private static final Duration POSITIONS_TOGETHER = Duration.ofMillis(2);

    /** Beyond so many messages about positions in a beat they go {@link #TOGETHER}: each costs both nodes. */
    private static final int MOST_POSITIONS_IN_BEAT = 40;

    private static final Duration BEAT = Duration.ofMillis(250);

    /** A whole report in so many beats, and everybody wakes what nobody keeps. */
    private static final int BEATS_IN_ROUND = 4;

    /** What it is told, by this node or by the board of another. */
    public sealed interface Command
            permits NodeReport, NewTunnels, UserAddresses, PeersHandled, StandbyBatch, StandbyAnswer, Local {}

    /** What only this node says. */
    sealed interface Local extends Command {
        /** The shard's keeper is here and ready. */
        record Claim(int shard, ActorRef<ShardKeeper.Command> keeper, ActorRef<Claimed> replyTo) implements Local {}

        /** The shard's keeper leaves. */
        record Release(int shard, ActorRef<ShardKeeper.Command> keeper, long epoch) implements Local {}

        record Announce(TunnelNotice notice) implements Local {}

        record UserGot(String user, int address) implements Local {}

        /** This node is to lose its shards, or to have them again. */
        record Drain(boolean on) implements Local {}

        /** Answers when this node has no shards any more, or nobody else could take them. */
        record AwaitHandOver(ActorRef<HandedOver> replyTo) implements Local {}

        /** @param status null when it is no member any more */
        record MemberChanged(String node, @Nullable MemberStatus status) implements Local {}

        /** Take what {@link EntryChanges} has. */
        record EntriesChanged() implements Local {}

        /** Take what our addresses have, and those of others. */
        record AddressesChanged() implements Local {}

        /** Take what the positions of peers have. */
        record PositionsChanged() implements Local {}

        record Settle() implements Local {}

        record Beat() implements Local {}
    }

    /**
     * A shard is ours.
     *
     * @param planned whether the node that had it is alive, and its entities may still be on their way here
     * @param unread calls that we stood by with and that the keeper's look at the journal did not show
     */
    record Claimed(int shard, long epoch, boolean planned, List<SessionKey> unread) {}

    /** This node has no shards. */
    record HandedOver() {}

    private final BoardWorld world;
    private final TimerScheduler<Command> timers;
    private final EntryChanges changes;
    private final KnownNodes nodes;
    private final PlacementMaker maker;
    private final ShardRoles roles;
    private final StandbyFeed feed;
    private final StandbyStore store;
    private final MeterExchange meters;
    private final Consumer<ClusterPicture> publish;
    private final Map<Integer, NodeReport.Claim> claims = new TreeMap<>();
    private final List<TunnelNotice> newTunnels = new ArrayList<>();
    private final Map<String, Integer> userAddresses = new HashMap<>();
    private final List<ActorRef<HandedOver>> awaiting = new ArrayList<>();
    private final long incarnation;
    private ShardHolders holders = new ShardHolders(Map.of(), Placement.ALONE);
    private AddressReport told = AddressReport.NONE;
    private boolean draining;
    private boolean unsaid = true;
    /** The same, and the addresses with it. */
    private boolean wholeUnsaid = true;

    private boolean stale = true;
    /** What is known of other nodes' addresses is newer than the placement: taken in at the {@link #addressPace}. */
    private boolean addressesStale;

    private final Pace addressPace;
    /** Whether the picture is to be published although nobody has another shard: calls come and go. */
    private boolean unpublished;

    private long number;
    private long settledAt;
    private long positionsToldAt;
    private int positionsInBeat;
    private int beats;

    private Board(
            BoardWorld world,
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Consumer<ClusterPicture> publish) {
        this.world = world;
        this.timers = timers;
        this.publish = publish;
        ActorRef<Command> self = context.getSelf();
        this.changes = new EntryChanges(() -> self.tell(new Local.EntriesChanged()));
        this.nodes = new KnownNodes(world.self());
        this.maker = new PlacementMaker(world.self(), world.blockSize());
        this.feed = new StandbyFeed(world.self(), world.plane()::installed);
        this.store = new StandbyStore(world.self(), world.plane());
        this.meters = new MeterExchange(world, feed, store);
        this.roles = new ShardRoles(world, feed, store);
        this.incarnation = world.wallMillis().getAsLong();
        this.positionsToldAt = world.nanos().getAsLong();
        this.settledAt = world.nanos().getAsLong() - TOGETHER.toNanos();
        this.addressPace = new Pace(world.nanos().getAsLong(), 0);
        world.plane().watch(changes);
        world.tunnels().positions().listen(() -> self.tell(new Local.PositionsChanged()));
        timers.startTimerWithFixedDelay(new Local.Beat(), BEAT);
    }

    /** @param publish is given each new picture, on the board's thread */
    static Behavior<Command> create(BoardWorld world, Consumer<ClusterPicture> publish) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            Board board = new Board(world, context, timers, publish);
            return Behaviors.receiveMessage(command -> {
                board.take(command);
                return Behaviors.same();
            });
        }));
    }

    private void take(Command command) {
        switch (command) {
            case NodeReport report -> hear(report);
            case NewTunnels(var tunnels) -> tunnels.forEach(world.notices()::heard);
            case UserAddresses(var addresses) ->
                addresses.forEach(
                        (user, address) -> world.lastAddresses().learn(new LastAddresses.UserAddress(user, address)));
            case PeersHandled(var news) -> world.tunnels().positions().hear(news);
            case StandbyBatch batch -> answer(batch);
            case StandbyAnswer answer -> {
                meters.hear(answer);
                feed.answered(answer);
                feedStandbys();
            }
            case Local local -> take(local);
        }
    }

    private void hear(NodeReport report) {
        switch (nodes.hear(report, now())) {
            case NONE -> {}
            case SIGN_OF_LIFE -> unpublished = true; // it may have another number of calls
            case ADDRESSES -> {
                addressesStale = true;
                unpublished = true;
                settleSoon();
            }
            case MORE -> {
                stale = true;
                unpublished = true; // who drains is to have no shards from now on
                settleSoon();
            }
        }
    }

    private void take(Local local) {
        switch (local) {
            case Local.Claim claim -> claim(claim.shard(), claim.keeper(), claim.replyTo());
            case Local.Release release -> release(release.shard(), release.keeper(), release.epoch());
            case Local.Announce(var notice) -> {
                newTunnels.add(notice);
                settleSoon();
            }
            case Local.UserGot(var user, int address) -> {
                userAddresses.put(user, address);
                settleSoon();
            }
            case Local.Drain(boolean on) -> {
                draining = on;
                newsOfOurs();
            }
            case Local.AwaitHandOver(var replyTo) -> {
                awaiting.add(replyTo);
                stale = true;
                settleSoon();
            }
            case Local.MemberChanged(var node, var status) -> {
                nodes.member(node, status);
                stale = true;
                unsaid = true;
                wholeUnsaid = true; // somebody new knows none of our addresses
                settle();
                wakeKeepers(false);
            }
            case Local.EntriesChanged _ -> settleSoon();
            case Local.PositionsChanged _ -> tellPositionsSoon();
            case Local.Settle _, Local.AddressesChanged _ -> settle();
            case Local.Beat _ -> beat();
        }
    }

    private long now() {
        return world.nanos().getAsLong();
    }

    private void claim(int shard, ActorRef<ShardKeeper.Command> keeper, ActorRef<Claimed> replyTo) {
        ShardHolders.Holder before = holders.of(shard);
        // Above all that is known, and above what a node that has just come cannot know.
        long epoch = Math.max(before.epoch() + 1, world.wallMillis().getAsLong());
        claims.put(shard, new NodeReport.Claim(epoch, true));
        world.arrivals().end(shard, keeper);
        String owner = before.owner();
        List<SessionKey> unread = store.keys(shard).stream()
                .filter(key -> world.sessions().find(key) == null)
                .toList();
        replyTo.tell(new Claimed(shard, epoch, owner != null && !owner.equals(world.self()), unread));
        newsOfOurs();
    }

    private void release(int shard, ActorRef<ShardKeeper.Command> keeper, long epoch) {
        if (world.arrivals().end(shard, keeper)) {
            stale = true;
            settleSoon();
        }
        NodeReport.Claim claim = claims.get(shard);
        if (claim != null && claim.epoch() == epoch) {
            claims.put(shard, new NodeReport.Claim(epoch, false));
            newsOfOurs();
        }
    }

    private void newsOfOurs() {
        stale = true;
        unsaid = true;
        settleSoon();
    }

    private void settleSoon() {
        soon(settledAt, TOGETHER, new Local.Settle(), this::settle);
    }

    /**
     * Does it at once, or a while after the last time.
     *
     * @param again what the board is told then; its class is the timer's key
     */
    private void soon(long lastAt, Duration together, Local again, Runnable step) {
        long since = now() - lastAt;
        if (since >= together.toNanos()) {
            step.run();
        } else if (!timers.isTimerActive(again.getClass())) {
            timers.startSingleTimer(again.getClass(), again, together.minusNanos(since));
        }
    }

    private void settle() {
        settledAt = now();
        timers.cancel(Local.Settle.class);
        AddressReport ours = takeNews();
        takeChanges();
        feedStandbys();
        tellPositions();
        say(ours);
    }

    /**
     * Takes in what is new of shards, and, in its turn, of addresses: with many calls that costs much, each time.
     *
     * @return our addresses as they are to be told
     */
    private AddressReport takeNews() {
        long begun = now();
        long rest = addressPace.rest(begun);
        if (!stale && rest > 0) {
            Local later = new Local.AddressesChanged();
            if (!timers.isTimerActive(later.getClass())) {
                timers.startSingleTimer(later.getClass(), later, Duration.ofNanos(rest));
            }
            return told;
        }
        AddressReport ours = world.addresses().report();
        if (stale || addressesStale || !ours.equals(told)) {
            stale = false;
            addressesStale = false;
            conclude(ours);
            addressPace.did(begun, now());
        }
        return ours;
    }

    /** From what is known to who has what. */
    private void conclude(AddressReport ours) {
        List<NodeReport> reports = new ArrayList<>(nodes.reports());
        reports.add(report(ours));
        Set<String> staying = nodes.staying(draining, now());
        ShardHolders made = maker.make(reports, nodes.gone(), staying);
        boolean moved = !made.placement().equals(holders.placement());
        boolean changed = !made.equals(holders);
        holders = made;
        if (moved) {
            world.plane().place(made.placement());
        }
        if (claims.keySet()
                .removeIf(shard -> !world.self().equals(made.of(shard).owner()))) {
            unsaid = true;
        }
        roles.assume(made);
        nodes.bury(made);
        if (changed || unpublished) {
            unpublished = false;
            publish.accept(new ClusterPicture(made, nodes.draining(), List.copyOf(reports)));
        }
        answerThoseAwaiting(staying);
    }

    private NodeReport report(@Nullable AddressReport addresses) {
        return new NodeReport(
                world.self(),
                world.relay(),
                incarnation,
                number,
                draining,
                Map.copyOf(claims),
                addresses,
                world.ingresses(),
                world.sessions().count());
    }

    /** Entries that came or went since the last time. */
    private void takeChanges() {
        EntryChanges.Taken taken = changes.take();
        if (taken.lost()) {
            feed.changesLost();
        }
        Set<Integer> strays = new HashSet<>();
        for (EntryChanges.Change change : taken.changes()) {
            int shard = Placement.shardOf(change.key().tunnelId());
            if (change.entry() == null) {
                feed.removed(change.key());
            } else {
                feed.installed(change.entry());
                if (!world.arrivals().contains(shard)) {
                    strays.add(shard);
                }
            }
        }
        // An entity that was still here when its shard had a new owner already has installed them.
        strays.forEach(roles::giveUpStrays);
    }

    private void feedStandbys() {
        for (StandbyFeed.Outgoing outgoing : feed.due(now())) {
            world.others().tell(outgoing.node(), outgoing.batch());
        }
    }

    private void tellPositionsSoon() {
        Duration together = positionsInBeat < MOST_POSITIONS_IN_BEAT ? POSITIONS_TOGETHER : TOGETHER;
        soon(positionsToldAt, together, new Local.PositionsChanged(), this::tellPositions);
    }

    private void tellPositions() {
        positionsToldAt = now();
        PeerPositions.News news = world.tunnels().positions().takeNews();
        Map<String, PeerPositions.News> byStandby = new HashMap<>();
        news.positions()
                .forEach((tunnelId, position) ->
                        newsFor(byStandby, tunnelId).positions().put(tunnelId, position));
        news.gone().forEach(tunnelId -> newsFor(byStandby, tunnelId).gone().add(tunnelId));
        byStandby.remove("");
        positionsInBeat += byStandby.size();
        byStandby.forEach((node, its) -> world.others().tell(node, new PeersHandled(its)));
    }

    private PeerPositions.News newsFor(Map<String, PeerPositions.News> byStandby, int tunnelId) {
        ShardHolders.Holder holder = holders.of(Placement.shardOf(tunnelId));
        String standby = world.self().equals(holder.owner()) ? holder.standby() : null;
        return byStandby.computeIfAbsent(
                standby == null ? "" : standby, _ -> new PeerPositions.News(new HashMap<>(), new HashSet<>()));
    }

    private void answer(StandbyBatch batch) {
        StandbyAnswer answer = store.accept(batch);
        if (answer != null) {
            world.others().tell(batch.from(), answer);
        }
    }

    /** Tells the others what is new, or all. */
    private void say(AddressReport addresses) {
        boolean whole = wholeUnsaid || !addresses.equals(told);
        if (unsaid || whole) {
            unsaid = false;
            wholeUnsaid = false;
            told = addresses;
            number++;
            NodeReport report = report(whole ? addresses : null);
            nodes.others().forEach(node -> world.others().tell(node, report));
        }
        if (!newTunnels.isEmpty()) {
            NewTunnels tunnels = new NewTunnels(List.copyOf(newTunnels));
            newTunnels.clear();
            nodes.others().forEach(node -> world.others().tell(node, tunnels));
        }
        if (!userAddresses.isEmpty()) {
            UserAddresses addressesOfUsers = new UserAddresses(Map.copyOf(userAddresses));
            userAddresses.clear();
            nodes.others().forEach(node -> world.others().tell(node, addressesOfUsers));
        }
    }

    private void beat() {
        beats++;
        positionsInBeat = 0;
        boolean round = beats % BEATS_IN_ROUND == 0;
        stale = true; // somebody may have fallen silent
        unpublished |= round;
        wholeUnsaid |= round;
        settle();
        meters.beat(beats);
        wakeKeepers(round);
    }

    /**
     * Shards without a keeper: the node that is to have it wakes it, and now and then everybody. Those with the most calls
     * first: one after the other is given out.
     */
    private void wakeKeepers(boolean everybody) {
        if (!nodes.isMember(world.self())) {
            return;
        }
        Set<String> staying = nodes.staying(draining, now());
        IntStream.range(0, Placement.SHARDS)
                .filter(shard -> !isKept(shard) && (everybody || world.self().equals(Rendezvous.first(shard, staying))))
                .boxed()
                .sorted(Comparator.comparingInt((Integer shard) -> -store.entries(shard)))
                .forEach(world.wakeKeeper()::accept);
    }

    private boolean isKept(int shard) {
        ShardHolders.Holder holder = holders.of(shard);
        String owner = holder.owner();
        return owner != null && holder.kept() && nodes.isMember(owner);
    }

    private void answerThoseAwaiting(Set<String> staying) {
        boolean nobodyElse = staying.stream().allMatch(world.self()::equals);
        if (claims.isEmpty() || nobodyElse) {
            awaiting.forEach(replyTo -> replyTo.tell(new HandedOver()));
            awaiting.clear();
        }
    }
}
