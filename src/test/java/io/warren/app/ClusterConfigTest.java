package io.warren.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.warren.config.Configuration;
import io.warren.config.SettingsException;
import io.warren.config.SettingsReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a member's settings are in Akka's words. */
class ClusterConfigTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @BeforeEach
    void users() throws Exception {
        Files.writeString(directory.resolve("users"), "");
    }

    private Configuration read(String extra) throws SettingsException {
        return SettingsReader.read(
                ConfigFactory.parseString(extra).withFallback(ConfigFactory.parseString("""
                        warren {
                          users-file = users
                          data-dir = data
                          journal { database = postgresql, postgresql.url = "jdbc:postgresql://db/warren" }
                          cluster { enabled = on, address = "192.0.2.1", secret = s, drain-delay = 3s }
                        }
                        akka.management.http { hostname = "127.0.0.1", port = 8558 }
                        """)), directory);
    }

    private Config config(String extra) throws SettingsException {
        Configuration configuration = read(extra);
        return NodeSystem.config(ClusterConfig.of(configuration.settings(), configuration.file()));
    }

    @Test
    void oursStandOverAkkasOwnInWhateverOrderTheJarsAre() throws Exception {
        Config config = config("");
        assertThat(config.getString("akka.actor.provider")).isEqualTo("cluster");
        assertThat(config.getString("akka.cluster.sharding.passivation.strategy"))
                .as("keepers and calls that nobody asks anything live on")
                .isEqualTo("none");
        assertThat(config.getInt("akka.cluster.sharding.number-of-shards")).isEqualTo(256);
        assertThat(ClassLoader.getSystemResources("reference.conf").asIterator())
                .toIterable()
                .as("of two files of that name either may win")
                .noneMatch(file -> file.toString().contains("/warren"));
    }

    /** A hop that is not on the list waits behind everything that starts with a node. */
    @Test
    void allThatHeartbeatsPassRunsOnThreadsThatArePreferred() throws Exception {
        Config config = config("");
        assertThat(Stream.of(
                        "akka.cluster.use-dispatcher",
                        "akka.remote.artery.advanced.use-dispatcher",
                        "akka.remote.artery.advanced.use-control-stream-dispatcher",
                        "akka.io.tcp.selector-dispatcher",
                        "akka.io.tcp.worker-dispatcher",
                        "akka.io.tcp.management-dispatcher"))
                .allSatisfy(use -> assertThat(ClusterNode.MEMBERSHIP_THREADS)
                        .as(use)
                        .anyMatch(("warren-" + config.getString(use))::startsWith));
        assertThat(ClusterNode.MEMBERSHIP_THREADS).anyMatch("warren-scheduler-1"::startsWith);
    }

    @Test
    void nodesAreFoundByTheirManagementAddresses() throws Exception {
        Config config = config(
                "warren.cluster { nodes = [\"192.0.2.1:8558\", \"192.0.2.2:8559\", \"192.0.2.3:8558\"], required-nodes = 2 }");
        assertThat(config.getString("akka.discovery.method")).isEqualTo("config");
        assertThat(config.getConfigList("akka.discovery.config.services.warren.endpoints"))
                .extracting(node -> node.getString("host") + ":" + node.getInt("port"))
                .containsExactly("192.0.2.1:8558", "192.0.2.2:8559", "192.0.2.3:8558");
        assertThat(config.getInt("akka.management.cluster.bootstrap.contact-point-discovery.required-contact-point-nr"))
                .isEqualTo(2);
    }

    @Test
    void withoutNodesDiscoveryIsTheOperators() throws Exception {
        assertThat(config("akka.discovery.method = kubernetes-api").getString("akka.discovery.method"))
                .isEqualTo("kubernetes-api");
    }

    @Test
    void managementAnswersWhereTheOthersLook() throws Exception {
        assertThat(config("").getString("akka.management.http.hostname")).isEqualTo("192.0.2.1");
        assertThat(config("").getString("akka.management.http.bind-hostname")).isEmpty();
        Config everywhere = config("akka.management.http.hostname = \"0.0.0.0\"");
        assertThat(everywhere.getString("akka.management.http.hostname")).isEqualTo("192.0.2.1");
        assertThat(everywhere.getString("akka.management.http.bind-hostname")).isEqualTo("0.0.0.0");
    }

    @Test
    void theOperatorsFileStandsOverOurTimes() throws Exception {
        String key = "akka.cluster.failure-detector.acceptable-heartbeat-pause";
        assertThat(config("").getDuration(key)).isEqualTo(Duration.ofSeconds(3));
        assertThat(config(key + " = 2s").getDuration(key)).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void theMajorityTakesOverAfterTheMinorityHasEnded() throws Exception {
        Config config = config("");
        Duration decided = config.getDuration("akka.cluster.split-brain-resolver.stable-after");
        Duration margin = config.getDuration("akka.cluster.down-removal-margin");
        assertThat(decided).isGreaterThan(MinorityFence.PATIENCE);
        assertThat(decided.plus(margin).minus(MinorityFence.PATIENCE))
                .as("for not noticing at the same moment")
                .isGreaterThanOrEqualTo(Duration.ofMillis(700));
    }

    @Test
    void nothingOfAkkasOwnIsKept() throws Exception {
        Config config = config("");
        assertThat(config.getString("akka.cluster.sharding.state-store-mode")).isEqualTo("ddata");
        assertThat(config.getStringList("akka.cluster.sharding.distributed-data.durable.keys"))
                .isEmpty();
        assertThat(config.getBoolean("akka.cluster.sharding.remember-entities")).isFalse();
    }

    @Test
    void thereIsTimeForTheDeparture() throws Exception {
        assertThat(config("").getDuration("akka.coordinated-shutdown.phases.before-service-unbind.timeout"))
                .isGreaterThan(Duration.ofSeconds(3).plus(Departure.HAND_OVER));
    }

    @Test
    void halfOfTheNodesMayNotBeginACluster() {
        String two = "warren.cluster { nodes = [\"a:1\", \"b:1\", \"c:1\", \"d:1\"], required-nodes = 2 }";
        assertThatThrownBy(() -> read(two)).hasMessageContaining("write a number from 3 to 4");
        String five = "warren.cluster { nodes = [\"a:1\", \"b:1\"], required-nodes = 5 }";
        assertThatThrownBy(() -> read(five)).hasMessageContaining("write a number from 2 to 2");
    }
}
