package io.warren.app;

import akka.actor.typed.ActorSystem;
import akka.cluster.typed.Cluster;
import io.warren.config.Cidr;
import io.warren.config.PrefixPlan;
import io.warren.config.Secret;
import io.warren.config.Settings;
import io.warren.control.cluster.ClusterShards;
import io.warren.control.cluster.ClusterView;
import io.warren.control.cluster.NodeReport;
import io.warren.control.cluster.ShardJournal;
import io.warren.control.cluster.address.AddressSharding;
import io.warren.control.cluster.address.ClusterAddresses;
import io.warren.control.cluster.address.PoolPlan;
import io.warren.control.cluster.address.ReportedAddresses;
import io.warren.control.cluster.address.ReportedRoutes;
import io.warren.control.ingress.LiveCalls;
import io.warren.control.port.ClusterPlane;
import io.warren.control.port.Endpoint;
import io.warren.control.session.SessionInput;
import io.warren.dataplane.DataPlane;
import io.warren.dataplane.DataPlaneSettings;
import io.warren.journal.BulkReader;
import io.warren.wire.l2tp.ResultCode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/** The parts of a real member: the journal on PostgreSQL, the data plane with its relay, the keepers of shards. */
final class ClusterWiring implements MemberParts {
    private static final Duration ADDRESSES_ATTENDED = Duration.ofSeconds(1);
    private static final ResultCode ADDRESS_TAKEN = ResultCode.error(4, "the address is in use");

    @Override
    public OpenJournal journal(Settings settings) {
        return OpenJournal.open(settings);
    }

    @Override
    public DataPlane plane(Settings settings) throws IOException {
        Settings.Cluster cluster = settings.cluster();
        Secret secret = Objects.requireNonNull(cluster.secret(), "checked with the settings");
        Endpoint relay = Endpoint.of(new InetSocketAddress(cluster.address(), cluster.relayPort()));
        return DataPlane.open(
                DataPlaneWiring.settings(settings).withRelay(new DataPlaneSettings.Relay(relay, secret)),
                new PacketDump(settings));
    }

    @Override
    public ClusterPlane relay(DataPlane plane) {
        return plane.cluster();
    }

    @Override
    public Started start(World world) throws IOException {
        ActorSystem<?> system = world.system();
        Settings settings = world.settings();
        ClusterView view = new ClusterView(
                MemberState.name(Cluster.get(system).selfMember().address()));
        ClusterAddresses addresses = addresses(system, settings, view);
        ControlPlane control = new ControlPlane(
                system,
                settings,
                world.plane().transport(),
                world.plane().sessions(),
                NodeSystem.access(system, settings, addresses, world.radius(), world.logins()),
                world.radius(),
                world.journal().database().availability(),
                ControlPlane.Where.in(view));
        addresses.listenToConflicts(key -> control.router()
                .tell(key, new SessionInput.Close(ADDRESS_TAKEN, "cluster", "its address has another owner")));
        ReportedRoutes reported = new ReportedRoutes(
                new ReportedAddresses(addresses, () -> view.picture().holders().placement()),
                PrefixPlan.of(settings.ipv6()));
        world.relay().watch(reported);
        ClusterShards shards = ClusterShards.start(
                system,
                view,
                new ClusterShards.Identity(
                        Objects.requireNonNull(world.plane().relay(), "opened with the plane"),
                        ingresses(world),
                        settings.cluster().addressBlock(),
                        settings.recovery().rate()),
                new ClusterShards.Surroundings(
                        world.relay(),
                        world.plane().sessions(),
                        reported,
                        journal(world),
                        control.router(),
                        control.tunnels(),
                        control.sessions()));
        Members members = new Members(view, shards);
        world.logins()
                .open(
                        system,
                        view.logins(),
                        LoginCalls.everywhere(system, view, members::picture, control),
                        control.tally());
        return new Started(control, members);
    }

    private static ClusterAddresses addresses(ActorSystem<?> system, Settings settings, ClusterView view) {
        ClusterAddresses addresses = AddressSharding.start(
                system,
                new PoolPlan(
                        pools(settings),
                        settings.cluster().addressBlock(),
                        settings.gateway().bits()),
                view.lastAddresses(),
                view.lenders(),
                InstantSource.system(),
                System::nanoTime);
        system.scheduler()
                .scheduleWithFixedDelay(
                        ADDRESSES_ATTENDED, ADDRESSES_ATTENDED, addresses::tick, system.executionContext());
        return addresses;
    }

    /** Of addresses, and of prefixes by their numbers. */
    private static Map<String, List<Cidr>> pools(Settings settings) {
        Map<String, List<Cidr>> pools = new LinkedHashMap<>(settings.pools());
        pools.putAll(PrefixPlan.of(settings.ipv6()).pools());
        return pools;
    }

    /** Addresses that no other node has. */
    private static List<Endpoint> ingresses(World world) {
        return switch (world.settings().cluster().replyPath()) {
            case DIRECT -> List.of();
            case VIA_INGRESS -> world.plane().listening();
        };
    }

    private static ShardJournal journal(World world) {
        Executor readers = Executors.newFixedThreadPool(
                2, Thread.ofPlatform().daemon().name("warren-shards-", 0).factory());
        BulkReader reader = new BulkReader(world.journal().database());
        return shards -> CompletableFuture.supplyAsync(
                () -> {
                    LiveCalls calls = new LiveCalls(ControlSettings.lingeringSince(world.settings()));
                    reader.read(
                            shards,
                            entity -> calls.add(entity.persistenceId(), entity.tunnelSnapshot(), entity.events()));
                    return calls;
                },
                readers);
    }

    /** What the board knows, in the words of this package. */
    private record Members(ClusterView view, ClusterShards shards) implements Membership {
        @Override
        public ClusterPicture picture() {
            Map<Integer, ClusterPicture.Shard> holders = new HashMap<>();
            view.picture()
                    .holders()
                    .holders()
                    .forEach((shard, holder) -> holders.put(
                            shard, new ClusterPicture.Shard(holder.owner(), holder.kept(), holder.standby())));
            return new ClusterPicture(
                    view.picture().reports().stream().map(Members::report).toList(), holders);
        }

        private static ClusterPicture.Report report(NodeReport report) {
            return new ClusterPicture.Report(report.node(), report.relay(), report.draining(), report.sessions());
        }

        @Override
        public void drain(boolean on) {
            shards.drain(on);
        }
    }
}
