package io.warren.app;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.warren.config.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Akka's configuration for a member of a cluster: what {@code warren.cluster} says of this node, over the operator's file,
 * over {@code cluster.conf}.
 */
final class ClusterConfig {
    private static final String HTTP = "akka.management.http.";

    private ClusterConfig() {}

    static Config of(Settings settings, Config file) {
        return ConfigFactory.parseMap(values(settings, file), "warren.cluster")
                .withFallback(file)
                .withFallback(ConfigFactory.parseResources(ClusterConfig.class.getClassLoader(), "cluster.conf"));
    }

    private static Map<String, Object> values(Settings settings, Config file) {
        Settings.Cluster cluster = settings.cluster();
        Map<String, Object> values = new HashMap<>();
        values.put("akka.remote.artery.canonical.hostname", cluster.address());
        values.put("akka.remote.artery.canonical.port", cluster.port());
        // The others find this node where its management answers.
        values.put(HTTP + "hostname", cluster.address());
        if (bindsEverywhere(file)) {
            values.put(HTTP + "bind-hostname", file.getString(HTTP + "hostname"));
        }
        values.put(
                "akka.management.cluster.bootstrap.contact-point-discovery.required-contact-point-nr",
                cluster.requiredNodes());
        if (!cluster.nodes().isEmpty()) {
            values.put("akka.discovery.method", "config");
            values.put(
                    "akka.discovery.config.services.warren.endpoints",
                    cluster.nodes().stream()
                            .map(node -> Map.of("host", node.host(), "port", node.port()))
                            .toList());
        }
        values.put(
                "akka.coordinated-shutdown.phases.before-service-unbind.timeout",
                departure(cluster).toMillis() + "ms");
        return values;
    }

    private static boolean bindsEverywhere(Config file) {
        String hostname = file.hasPath(HTTP + "hostname") ? file.getString(HTTP + "hostname") : "";
        return hostname.equals("0.0.0.0") || hostname.equals("::");
    }

    /** How long {@link Departure} may take, with a little to spare. */
    private static Duration departure(Settings.Cluster cluster) {
        return cluster.drainDelay()
                .plus(Departure.HAND_OVER)
                .plus(HangUp.PATIENCE)
                .plusSeconds(2);
    }
}
