package io.warren.it;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The network of one test class: built before it, gone after it, its logs printed when a test fails. */
final class Lab implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    private final Runnable means;
    private final Deque<AutoCloseable> owned = new ArrayDeque<>();
    private @Nullable Topology topology;
    private Instant since = Instant.MIN;

    private Lab(Runnable means) {
        this.means = means;
    }

    /** Namespaces and a node in them. */
    static Lab withNode() {
        return new Lab(Means::requireNode);
    }

    /** And something more that the test needs. */
    static Lab withNode(Means more) {
        return new Lab(() -> {
            Means.requireNode();
            Means.require(more);
        });
    }

    /** And a Linux in user-mode-linux. */
    static Lab withNodeAndLinux() {
        return new Lab(Means::requireNodeAndLinux);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        means.run();
        topology = Topology.create();
    }

    Topology topology() {
        if (topology == null) {
            throw new IllegalStateException("the lab is built before the first test");
        }
        return topology;
    }

    /** Closes {@code resource} after the last test, before the network goes. */
    <T extends AutoCloseable> T owning(T resource) {
        owned.push(resource);
        return resource;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        // File systems round times.
        since = Instant.now().minusSeconds(1);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        printLogsOnFailure(context);
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        try {
            printLogsOnFailure(context);
        } finally {
            while (!owned.isEmpty()) {
                owned.pop().close();
            }
            if (topology != null) {
                topology.close();
            }
        }
    }

    private void printLogsOnFailure(ExtensionContext context) {
        boolean failed = context.getExecutionException()
                .filter(cause -> !(cause instanceof org.opentest4j.TestAbortedException))
                .isPresent();
        if (failed && topology != null) {
            System.out.println("== " + context.getDisplayName() + " failed; logs of its network follow");
            System.out.println(topology.logs(since));
        }
    }
}
