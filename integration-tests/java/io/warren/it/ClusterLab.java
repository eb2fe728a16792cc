package io.warren.it;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * The cluster of a test class. Classes that want the same one and follow one another ({@link ClustersLast}) share one,
 * since making it takes half a minute: each test finds it as if it were new. Its logs are printed when a test fails.
 */
final class ClusterLab implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback {
    private static final int NODES = 3;
    private static final Namespace SHARED = Namespace.create(ClusterLab.class);

    private final String balancer;
    private final List<String> settings;
    private final Means[] more;
    private @Nullable Cluster cluster;

    private ClusterLab(String balancer, List<String> settings, Means... more) {
        this.balancer = balancer;
        this.settings = settings;
        this.more = more;
    }

    /**
     * Three nodes.
     *
     * @param balancer nft, nginx or spray
     * @param more that the test needs
     */
    static ClusterLab balancedBy(String balancer, Means... more) {
        return new ClusterLab(balancer, List.of(), more);
    }

    /**
     * Three nodes that ask FreeRADIUS on the host behind them, or while it is away look into their users file, and listen
     * to it; with IPv6 and MPPE for whoever asks for them.
     */
    static ClusterLab forSubscribers(Means... more) {
        List<Means> all = new ArrayList<>(List.of(more));
        all.add(Means.FREERADIUS);
        return balancedBy("nft", all.toArray(new Means[0]))
                .with(
                        "warren.radius.servers.one.address=" + Cluster.CORE_ADDRESS,
                        "warren.radius.servers.one.secret=" + FreeRadius.SECRET,
                        "warren.radius.local-users=behind",
                        "warren.radius.timeout=1s",
                        "warren.radius.attempts=2",
                        "warren.radius.dead-time=10s",
                        "warren.radius.dynamic-authorization.listen=[\"0.0.0.0:3799\"]",
                        "warren.ppp.mppe=allow",
                        "warren.ipv6.policy=allow");
    }

    /** @param all KEY=VALUE, for all nodes */
    ClusterLab with(String... all) {
        return new ClusterLab(balancer, List.of(all), more);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        Means.requireNode();
        Means.require(Means.BENCH, Means.BALANCER, Means.POSTGRESQL);
        Means.require(more);
        // The store closes it after the last class.
        cluster = context.getRoot()
                .getStore(SHARED)
                .computeIfAbsent(Running.class, _ -> new Running(), Running.class)
                .like(this);
    }

    /** The one cluster that there is at a time. */
    private static final class Running implements AutoCloseable {
        private @Nullable Cluster cluster;
        private String kind = "";

        Cluster like(ClusterLab wanted) {
            Cluster running = cluster;
            if (running == null || !kind.equals(wanted.kind())) {
                close();
                running = Cluster.up(NODES, wanted.balancer, wanted.settings);
                cluster = running;
                kind = wanted.kind();
            }
            return running;
        }

        @Override
        public void close() {
            Cluster running = cluster;
            cluster = null;
            if (running != null) {
                running.close();
            }
        }
    }

    /** Equal for labs that can have the same cluster. */
    String kind() {
        return balancer + settings;
    }

    Cluster cluster() {
        if (cluster == null) {
            throw new IllegalStateException("the cluster is made before the first test");
        }
        return cluster;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        cluster().restore(NODES);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        boolean failed = context.getExecutionException()
                .filter(cause -> !(cause instanceof org.opentest4j.TestAbortedException))
                .isPresent();
        if (failed) {
            System.out.println("== " + context.getDisplayName() + " failed; logs of its cluster follow");
            System.out.println(cluster().logs());
            System.out.println(cluster().drops());
        }
    }
}
