package io.warren.config;

import com.typesafe.config.ConfigUtil;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What no single value shows: values that contradict each other, files that are not there. */
final class CrossChecks {
    private static final int LEAST_IPV6_MTU = 1_280;

    private CrossChecks() {}

    static void check(Settings settings, Reading reading) {
        secret(settings, reading);
        timers(settings, reading);
        listen(settings, reading);
        pools(settings, reading);
        ipv6(settings, reading);
        authentication(settings, reading);
        usersFile(settings.usersFile(), reading);
        dataDir(settings.dataDir(), reading);
        journal(settings, reading);
        cluster(settings, reading);
    }

    private static void journal(Settings settings, Reading reading) {
        Settings.Postgresql server = settings.journal().postgresql();
        if (settings.journal().database() != Settings.Database.POSTGRESQL) {
            return;
        }
        if (!server.url().matches("jdbc:postgresql:.+")) {
            reading.mistake(
                    "journal.postgresql.url",
                    "it does not say where the server is",
                    "write jdbc:postgresql://host:port/database");
        }
        if (server.url().matches(".*[?&]password=.*")) {
            reading.mistake(
                    "journal.postgresql.url",
                    "it holds the password, which errors and logs would show",
                    "write it as journal.postgresql.password");
        }
        if (server.user().isBlank()) {
            reading.mistake("journal.postgresql.user", "it is empty", "write the user whom the database belongs to");
        }
    }

    private static void cluster(Settings settings, Reading reading) {
        Settings.Cluster cluster = settings.cluster();
        if (!cluster.enabled()) {
            return;
        }
        if (!cluster.address().matches("[0-9]+\\.[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) {
            reading.mistake(
                    "cluster.address",
                    "the other nodes need an address of this one",
                    "write an IP address that they reach, not a name");
        }
        if (cluster.address().indexOf(':') >= 0) {
            reading.mistake(
                    "cluster.address",
                    "nodes speak to each other over IPv4 only (peers and subscribers may have IPv6 all the same)",
                    "write an IPv4 address of this node");
        }
        if (cluster.secret() == null) {
            reading.mistake(
                    "cluster.secret",
                    "without one anybody could put packets into subscribers' calls",
                    "write the same long random text on all nodes");
        }
        if (settings.journal().database() != Settings.Database.POSTGRESQL) {
            reading.mistake(
                    "journal.database",
                    "the nodes of a cluster share their journal, and a file cannot be shared",
                    "write postgresql, or set warren.cluster.enabled = off");
        }
        if (cluster.replyPath() == Settings.ReplyPath.VIA_INGRESS
                && settings.listen().stream().anyMatch(HostPort::isWildcard)) {
            reading.mistake(
                    "listen",
                    "with warren.cluster.reply-path = via-ingress the address tells the node that an answer leaves from",
                    "write the node's own address instead of 0.0.0.0 or [::]");
        }
        int nodes = cluster.nodes().size();
        if (nodes > 0 && (cluster.requiredNodes() > nodes || cluster.requiredNodes() * 2 <= nodes)) {
            reading.mistake(
                    "cluster.required-nodes",
                    "half of " + nodes + " nodes, or fewer, could begin a cluster of their own beside the others'",
                    "write a number from " + (nodes / 2 + 1) + " to " + nodes);
        }
        if (Integer.bitCount(cluster.addressBlock()) != 1) {
            reading.mistake("cluster.address-block", "it is no power of two", "write 16, 32, 64, 128, …");
        }
    }

    private static void secret(Settings settings, Reading reading) {
        if (settings.hideAvps() && settings.tunnelSecret() == null) {
            reading.mistake("hide-avps", "hiding needs a secret", "set warren.tunnel-secret, or write off");
        }
    }

    private static void timers(Settings settings, Reading reading) {
        if (settings.retransmit().initial().compareTo(settings.retransmit().cap()) > 0) {
            reading.mistake(
                    "retransmit.initial", "it is longer than warren.retransmit.cap", "write no more than the cap");
        }
        if (settings.ppp().firstRestartTimer().compareTo(settings.ppp().restartTimer()) > 0) {
            reading.mistake(
                    "ppp.first-restart-timer",
                    "it is longer than warren.ppp.restart-timer",
                    "write no more than the restart timer");
        }
    }

    private static void listen(Settings settings, Reading reading) {
        Set<HostPort> seen = new HashSet<>();
        for (HostPort place : settings.listen()) {
            if (place.port() != 0 && !seen.add(place)) {
                reading.mistake("listen", place + " stands in it twice", "write it once");
            }
            if (place.isLinkLocal()) {
                reading.mistake(
                        "listen",
                        place + " is an address of one link only, and answers would not find the link",
                        "write a global or unique local address, or [::]");
            }
        }
    }

    private static void authentication(Settings settings, Reading reading) {
        List<Settings.Authentication> methods = settings.ppp().authentication();
        if (Set.copyOf(methods).size() < methods.size()) {
            reading.mistake("ppp.authentication", "a method stands in it twice", "write each once, best first");
        }
        Settings.Mppe mppe = settings.ppp().mppe();
        if ((mppe == Settings.Mppe.PREFER || mppe == Settings.Mppe.REQUIRE)
                && !methods.contains(Settings.Authentication.MSCHAP_V2)
                && !methods.contains(Settings.Authentication.EAP)) {
            reading.mistake(
                    "ppp.mppe",
                    "its keys come from MS-CHAPv2 or EAP, which warren.ppp.authentication does not have",
                    "add mschap-v2 there, or write off");
        }
        if (mppe == Settings.Mppe.REQUIRE && settings.ppp().deflate().use() == Settings.Deflate.Use.REQUIRE) {
            reading.mistake(
                    "ppp.deflate",
                    "it and mppe are required, and a packet cannot be compressed and encrypted at once",
                    "require one of them");
        }
        List<Integer> bits = settings.ppp().mppeBits();
        if (Set.copyOf(bits).size() < bits.size()) {
            reading.mistake("ppp.mppe-bits", "a length stands in it twice", "write each once, best first");
        }
    }

    private record Range(String pool, Cidr cidr) {}

    private static void pools(Settings settings, Reading reading) {
        List<Range> earlier = new ArrayList<>();
        settings.pools().forEach((name, ranges) -> {
            for (Cidr cidr : ranges) {
                for (Range range : earlier) {
                    if (range.cidr.overlaps(cidr)) {
                        reading.mistake(
                                Reading.poolKey(name),
                                cidr + " overlaps " + range.cidr + " of warren." + Reading.poolKey(range.pool),
                                "an address may be in one range only");
                    }
                }
                earlier.add(new Range(name, cidr));
            }
        });
    }

    /** Every link with IPv6 carries 1,280 octets (RFC 8200 §5). */
    private static void ipv6(Settings settings, Reading reading) {
        prefixPools(settings.ipv6(), reading);
        routes(settings, reading);
        if (settings.ipv6().allowed() && settings.ppp().mru() < LEAST_IPV6_MTU) {
            reading.mistake(
                    "ppp.mru", "it is too small for IPv6", "write 1280 at least, or set warren.ipv6.policy = off");
        }
        if (settings.ipv6().allowed() && settings.tun().mtu() < LEAST_IPV6_MTU) {
            reading.mistake(
                    "tun.mtu", "it is too small for IPv6", "write 1280 at least, or set warren.ipv6.policy = off");
        }
    }

    private static void routes(Settings settings, Reading reading) {
        if (!settings.ipv6().allowed() && settings.tun().routes().stream().anyMatch(AddressPrefix::ipv6)) {
            reading.mistake("tun.routes", "it has an IPv6 network", "set warren.ipv6.policy = allow, or leave it out");
        }
        if (Set.copyOf(settings.tun().routes()).size() < settings.tun().routes().size()) {
            reading.mistake("tun.routes", "a network stands in it twice", "write each once");
        }
    }

    private static void prefixPools(Settings.Ipv6Service ipv6, Reading reading) {
        if (ipv6.advertiseEvery().multipliedBy(3).compareTo(ipv6.lifetime()) > 0) {
            reading.mistake(
                    "ipv6.lifetime",
                    "one announcement that is lost could end what a subscriber has",
                    "write three times warren.ipv6.advertise-every at least");
        }
        List<PrefixPlan.Range> earlier = new ArrayList<>();
        for (PrefixPlan.Range range : PrefixPlan.ranges(ipv6)) {
            String key = prefixKey(range);
            int length = range.prefixLength();
            if (!range.isSound()) {
                int shortest = Math.max(1, length - PrefixPlan.LARGEST_RANGE);
                reading.mistake(
                        key,
                        range.addresses() + " cannot be cut into prefixes of " + length + " bits",
                        "write ranges of /" + shortest + " to /" + length);
                continue;
            }
            if (range.addresses().contains(ipv6.gateway().high())) {
                reading.mistake(
                        key, range.addresses() + " holds our own address", "choose another warren.ipv6.gateway");
            }
            earlier.forEach(other -> compare(range, other, key, reading));
            earlier.add(range);
        }
    }

    private static void compare(PrefixPlan.Range range, PrefixPlan.Range other, String key, Reading reading) {
        String others = other.addresses() + " of warren." + prefixKey(other);
        if (range.addresses().overlaps(other.addresses())) {
            reading.mistake(key, range.addresses() + " overlaps " + others, "a prefix may be in one range only");
        } else if (range.indices().overlaps(other.indices())) {
            reading.mistake(
                    key,
                    range.addresses() + " cannot be told from " + others + " by the numbers that prefixes get",
                    "choose a range that differs from it in one hexadecimal digit only");
        }
    }

    private static String prefixKey(PrefixPlan.Range range) {
        String section = switch (range.kind()) {
            case FRAMED -> "pools";
            case DELEGATED -> "delegated-pools";
        };
        return ConfigUtil.joinPath("ipv6", section, range.pool());
    }

    private static void usersFile(Path file, Reading reading) {
        String right = "write the path of a file in the format of chap-secrets";
        if (!Files.exists(file)) {
            reading.mistake("users-file", "there is no file " + file, right);
        } else if (!Files.isRegularFile(file)) {
            reading.mistake("users-file", file + " is not a file", right);
        } else if (!Files.isReadable(file)) {
            reading.mistake("users-file", file + " may not be read", "let the node's user read it");
        }
    }

    private static void dataDir(Path directory, Reading reading) {
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            reading.mistake("data-dir", directory + " is not a directory", "write the path of a directory");
            return;
        }
        Path existing = directory;
        while (existing.getParent() != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (!Files.isWritable(existing)) {
            reading.mistake("data-dir", existing + " may not be written", "let the node's user write there");
        }
    }
}
