package io.warren.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Two real Linux clients, one with IPv6 and a delegated prefix, one with MPPE. Their packets come in at nodes that do not
 * have the calls, both ways; then the node that has them is killed.
 */
@SuppressWarnings("NullAway.Init")
class ClusterPppIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Has both calls, and is killed. */
    private static final String OWNER = "n2";
    /** Gets what the clients send. */
    private static final String WAY_IN = "n1";
    /** Gets what is for subscribers of IPv6. */
    private static final String WAY_BACK = "n3";

    private static final String INTERVAL = "0.1";
    private static final Duration EACH = Duration.ofMillis(100);
    /** All echoes of one run. */
    private static final int ECHOES = 140;

    private static final int SOME = 5;
    /** Of data that needs no new PPP, as elsewhere for a cluster. */
    private static final Duration SILENCE = Duration.ofSeconds(3);
    /** Until the shards have their new owner, and PPP has begun anew. */
    private static final Duration SILENCE_WITHOUT_KEYS = Duration.ofSeconds(10);

    private static final Pattern ADDRESS = Pattern.compile("inet6 (fd77:0:1:[0-9a-f:]+)/64 scope global");
    private static final Pattern DELEGATED = Pattern.compile("inet6 (fd77:1:[0-9a-f:]+)/64 scope global");
    private static final String USERS = "DEFAULT Cleartext-Password := \"" + Cluster.PASSWORD + "\"\n";
    private static final LinuxClient.Dial SIX =
            new LinuxClient.Dial("six", "six", Cluster.PASSWORD, "chap", "kernel", null);
    private static final LinuxClient.Dial KEYS =
            new LinuxClient.Dial("keys", "keys", Cluster.PASSWORD, "mschap-v2", "kernel", null);

    @RegisterExtension
    static final ClusterLab LAB = ClusterLab.forSubscribers(Means.UML, Means.LINUX_L2TP, Means.PING);

    private Cluster cluster;
    private Steering back;
    private FreeRadius server;
    private ClusterGuest six;
    private ClusterGuest keys;

    @BeforeEach
    void boot() {
        cluster = LAB.cluster();
        back = new Steering(cluster.inside("core"), "-6", "500", "to", Cluster.SUBSCRIBERS6);
        server = FreeRadius.start(cluster, USERS);
        six = ClusterGuest.boot(cluster, 1);
        keys = ClusterGuest.boot(cluster, 2);
    }

    @AfterEach
    void close() {
        keys.close();
        six.close();
        server.close();
        back.close();
    }

    @Test
    void aClientKeepsPrefixAndAddressAndGoesOnWhenTheNodeOfItsCallIsKilled() {
        for (ClusterGuest guest : List.of(six, keys)) {
            guest.sendTo(OWNER);
        }
        assertThat(six.client.dial(SIX, "options=+ipv6", "until=up6").up())
                .as(six.client.pppdLog(SIX))
                .isTrue();
        String address = shown(six, "ppp0", ADDRESS);
        String delegated = askForPrefix();
        assertThat(keys.client.dial(KEYS, "options=require-mppe-128").up())
                .as(keys.client.pppdLog(KEYS))
                .isTrue();
        String encrypted = onlyCall("keys", OWNER).path("address").asText();
        onlyCall("six", OWNER);

        packetsComeInElsewhere(address, delegated);
        goesOnWhenTheNodeIsKilled(address, delegated);

        assertThat(shown(six, "ppp0", ADDRESS)).isEqualTo(address);
        assertThat(onlyCall("keys", newNode("keys")).path("address").asText()).isEqualTo(encrypted);
        assertThat(six.client.pppdLog(SIX)).doesNotContain("Connection terminated");
        assertThat(keys.client.pppdLog(KEYS)).doesNotContain("Connection terminated");
        assertThat(keys.client.pppdLog(KEYS).split("MPPE 128-bit stateless compression enabled", -1))
                .as("PPP has begun anew, with new keys, once")
                .hasSize(3);
        assertThat(six.client.pppdLog(SIX).split("remote IP address", -1))
                .as("that of the other call has not")
                .hasSize(2);
        forgetPrefix();
        assertThat(askForPrefix()).as("what the new node delegates").isEqualTo(delegated);
        hangUp();
    }

    private void packetsComeInElsewhere(String address, String delegated) {
        for (ClusterGuest guest : List.of(six, keys)) {
            guest.sendTo(WAY_IN);
        }
        assertThat(pingFromCore(address)).as("by the router behind the nodes").isEqualTo(SOME);
        back.to(Cluster.behind6(WAY_BACK));
        long up = relayed(WAY_IN, "up");
        long down = relayed(WAY_BACK, "down");
        String few = "-c " + SOME + " -i 0.2 -W 2 ";
        assertThat(answered(six.linux.attempt(PATIENCE, "ping " + few + Cluster.CORE_ADDRESS6)))
                .as("from the client's address")
                .isEqualTo(SOME);
        assertThat(answered(
                        six.linux.attempt(PATIENCE, "ping " + few + "-I " + delegated + " " + Cluster.CORE_ADDRESS6)))
                .as("from the client's network")
                .isEqualTo(SOME);
        for (String target : List.of(address, delegated)) {
            assertThat(pingFromCore(target)).as("from a host to " + target).isEqualTo(SOME);
        }
        assertThat(relayed(WAY_IN, "up") - up).isGreaterThanOrEqualTo(4 * SOME);
        assertThat(relayed(WAY_BACK, "down") - down).isGreaterThanOrEqualTo(4 * SOME);

        up = relayed(WAY_IN, "up");
        assertThat(answered(keys.linux.attempt(PATIENCE, "ping -I ppp0 " + few + Cluster.CORE_ADDRESS)))
                .as("encrypted")
                .isEqualTo(SOME);
        assertThat(relayed(WAY_IN, "up") - up).isGreaterThanOrEqualTo(SOME);
    }

    private void goesOnWhenTheNodeIsKilled(String address, String delegated) {
        String options = "-i " + INTERVAL + " -c " + ECHOES + " ";
        Guest.Running fromAddress = six.linux.start("ping " + options + Cluster.CORE_ADDRESS6);
        Guest.Running toNetwork = six.linux.start("ping " + options + "-I " + delegated + " " + Cluster.CORE_ADDRESS6);
        Guest.Running withKeys = keys.linux.start("ping -I ppp0 " + options + Cluster.CORE_ADDRESS);
        Await.pause(EACH.multipliedBy(20));
        cluster.kill(OWNER);

        Map<String, Guest.Running> all = Map.of(
                "IPv6, address", fromAddress,
                "IPv6, delegated prefix", toNetwork,
                "MPPE", withKeys);
        all.forEach((what, running) -> {
            Ping ping = Ping.of(
                    running.await(EACH.multipliedBy(ECHOES).plus(PATIENCE)).output());
            Duration silence = EACH.multipliedBy(ping.longestGap());
            System.out.printf("%s: silent for %d ms when its node was killed%n", what, silence.toMillis());
            assertThat(ping.last()).as(what + " goes on").isGreaterThan(ECHOES - SOME);
            assertThat(silence)
                    .as(what)
                    .isLessThan(what.equals("MPPE") ? SILENCE_WITHOUT_KEYS : SILENCE)
                    .isPositive();
        });
        back.close();
        assertThat(pingFromCore(address))
                .as("by the router, which knows of the death, too")
                .isEqualTo(SOME);
    }

    private void hangUp() {
        assertThat(six.client.hangUp()).containsEntry("hangup", "clean").containsEntry("terminate-ack", "yes");
        assertThat(keys.client.hangUp()).containsEntry("hangup", "clean").containsEntry("terminate-ack", "yes");
        for (String user : List.of("six", "keys")) {
            Await.until(
                    "the call's stop is written",
                    PATIENCE,
                    () -> server.ids(user, "Stop").size() == 1);
            assertThat(server.ids(user, "Start"))
                    .as("one start, though one of them was authenticated twice")
                    .isEqualTo(server.ids(user, "Stop"));
        }
    }

    private String askForPrefix() {
        // In this order: a router forgets what it was advertised, but for accept_ra = 2.
        six.linux.run(PATIENCE, """
                ip link show lan0 > /dev/null 2>&1 || {
                  ip link add lan0 type dummy && ip link set lan0 up
                  sysctl -qw net.ipv6.conf.ppp0.accept_ra=2 net.ipv6.conf.all.forwarding=1
                  printf '%s\\n' 'interface ppp0 { send ia-pd 0; };' \
                    'id-assoc pd 0 { prefix-interface lan0 { sla-id 5; sla-len 8; ifid 1; }; };' > /run/dhcp6c.conf
                  mkdir -p /run/dhcp6 && mount --bind /run/dhcp6 /var/lib/dhcpv6
                  printf '\\x0a\\x00\\x00\\x03\\x00\\x01\\x02\\x00\\x00\\x00\\x00\\x01' > /run/dhcp6/dhcp6c_duid
                }
                dhcp6c -c /run/dhcp6c.conf -p /run/dhcp6c.pid ppp0
                """);
        return shown(six, "lan0", DELEGATED);
    }

    /** As after a power cut of the client's router: it releases nothing. */
    private void forgetPrefix() {
        six.linux.run(PATIENCE, "kill -9 $(cat /run/dhcp6c.pid) && ip -6 addr flush dev lan0 scope global");
    }

    /** Waits for it. */
    private static String shown(ClusterGuest guest, String device, Pattern address) {
        Await.until(
                device + " has its address",
                PATIENCE,
                () -> address.matcher(addresses(guest, device)).find());
        Matcher matcher = address.matcher(addresses(guest, device));
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    private static String addresses(ClusterGuest guest, String device) {
        return guest.linux.run(PATIENCE, "ip -6 -o addr show dev " + device + " scope global");
    }

    private JsonNode onlyCall(String user, String node) {
        List<JsonNode> calls = cluster.sessionsOf(node, user);
        assertThat(calls).as("calls of " + user + " at " + node).hasSize(1);
        return calls.getFirst();
    }

    private String newNode(String user) {
        String node = cluster.nodeOf(user);
        assertThat(node).isNotEqualTo(OWNER);
        return node;
    }

    /** Packets that a node has given to the one that has the calls. */
    private long relayed(String by, String kind) {
        for (JsonNode relay : cluster.get(by, "/l2tp/forwarding").path("relays")) {
            if (relay.path("node").asText().startsWith(Cluster.back(OWNER) + ":")) {
                return relay.path("out").path(kind).asLong();
            }
        }
        throw new AssertionError(by + " does not know " + OWNER);
    }

    private int pingFromCore(String target) {
        String[] ping = {"ping", "-c", Integer.toString(SOME), "-i", "0.2", "-W", "2", target};
        return answered(Shell.attempt(PATIENCE, Shell.join(cluster.inside("core"), ping)));
    }

    private static int answered(Shell.Result ping) {
        return Ping.of(ping.output()).answered().size();
    }
}
