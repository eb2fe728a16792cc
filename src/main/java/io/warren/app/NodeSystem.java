package io.warren.app;

import akka.actor.BootstrapSetup;
import akka.actor.setup.ActorSystemSetup;
import akka.actor.setup.Setup;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.warren.config.Ipv4;
import io.warren.config.PrefixPlan;
import io.warren.config.Settings;
import io.warren.control.access.AddressPools;
import io.warren.control.access.Addresses;
import io.warren.control.access.AuthorizedAccess;
import io.warren.control.access.LocalAccess;
import io.warren.control.access.Logins;
import io.warren.control.access.PatientAddresses;
import io.warren.control.access.PrefixLeases;
import io.warren.control.access.UsersFile;
import io.warren.control.access.UsualTerms;
import io.warren.control.port.SubscriberAccess;
import io.warren.radius.Radius;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** The actor system of a node, and what every node runs in it. */
final class NodeSystem {
    private static final String NAME = "warren";
    private static final Duration USERS_LOOKED_AT = Duration.ofSeconds(5);

    private NodeSystem() {}

    /** @param config what stands over Akka's and our own defaults, the operator's file included */
    static ActorSystem<Void> start(Config config, OpenJournal journal) {
        Config whole = config(journal.config().withFallback(config));
        ActorSystemSetup setup = ActorSystemSetup.create(BootstrapSetup.create(whole));
        for (Setup part : journal.setups()) {
            setup = setup.withSetup(part);
        }
        return ActorSystem.create(Behaviors.empty(), NAME, setup);
    }

    /** All settings: these, over ours for Akka, over Akka's own. */
    static Config config(Config over) {
        return over.withFallback(ConfigFactory.parseResources("management.conf"))
                .withFallback(ConfigFactory.parseResources("node.conf"))
                .withFallback(ConfigFactory.defaultReference())
                .resolve();
    }

    /** Who may call, and addresses from the pools, which are this node's alone. */
    static SubscriberAccess access(ActorSystem<?> system, Settings settings, Radius radius, Logins logins)
            throws IOException {
        AddressPools pools = DataPlaneWiring.pools(settings);
        Addresses addresses = new PatientAddresses(pools.addresses(), logins);
        LocalAccess local =
                new LocalAccess(users(system, settings), pools, addresses, List.of(), settings.sessionLimits(), logins);
        return withPrefixes(usual(settings, authorized(settings, local, radius)), addresses, settings);
    }

    /** The same with addresses from elsewhere. */
    static SubscriberAccess access(
            ActorSystem<?> system, Settings settings, Addresses theirs, Radius radius, Logins logins)
            throws IOException {
        Addresses addresses = new PatientAddresses(theirs, logins);
        LocalAccess local = new LocalAccess(
                users(system, settings), addresses, settings.pools(), List.of(), settings.sessionLimits(), logins);
        return withPrefixes(usual(settings, authorized(settings, local, radius)), addresses, settings);
    }

    /** With the RADIUS servers, if there are any. */
    private static SubscriberAccess authorized(Settings settings, LocalAccess local, Radius radius) {
        return settings.radius().authenticates()
                ? new AuthorizedAccess(
                        local,
                        radius,
                        switch (settings.radius().localUsers()) {
                            case BEFORE -> AuthorizedAccess.UsersFilePlace.BEFORE;
                            case BEHIND -> AuthorizedAccess.UsersFilePlace.BEHIND;
                            case OFF -> AuthorizedAccess.UsersFilePlace.NOWHERE;
                        })
                : local;
    }

    private static SubscriberAccess withPrefixes(SubscriberAccess access, Addresses addresses, Settings settings) {
        return settings.ipv6().allowed() ? new PrefixLeases(access, addresses, PrefixPlan.of(settings.ipv6())) : access;
    }

    private static SubscriberAccess usual(Settings settings, SubscriberAccess access) {
        return new UsualTerms(
                access,
                settings.sessionTimes(),
                bits(settings.dns()),
                settings.peers().stream()
                        .map(peer -> new UsualTerms.PeerDns(peer.peers(), bits(peer.dns())))
                        .toList(),
                InstantSource.system());
    }

    private static List<Integer> bits(List<Ipv4> servers) {
        return servers.stream().map(Ipv4::bits).toList();
    }

    /** The users file, looked at again when it changes. */
    private static UsersFile users(ActorSystem<?> system, Settings settings) throws IOException {
        UsersFile users;
        try {
            users = UsersFile.open(settings.usersFile(), settings.hostname());
        } catch (UsersFile.MistakesException e) {
            throw new IOException(e.getMessage(), e);
        }
        system.scheduler()
                .scheduleWithFixedDelay(
                        USERS_LOOKED_AT, USERS_LOOKED_AT, users::reloadIfChanged, system.executionContext());
        return users;
    }
}
