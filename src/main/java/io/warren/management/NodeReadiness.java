package io.warren.management;

import akka.actor.ActorSystem;
import io.warren.management.api.PartView;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Our readiness check behind {@code /ready}: fails with the names of the parts that are not ready, and why. Created by
 * Akka Management by its class name.
 */
public final class NodeReadiness implements Supplier<CompletionStage<Boolean>> {
    private final ManagedNode node;

    public NodeReadiness(ActorSystem system) {
        this.node = ManagedNode.of(system);
    }

    /** Says what is not ready; its message goes to whoever asked. */
    static final class NotReady extends Exception {
        private static final long serialVersionUID = 1;

        NotReady(String message) {
            super(message, null, false, false);
        }
    }

    @Override
    public CompletionStage<Boolean> get() {
        ManagedNode.Attached attached = node.attached();
        if (attached == null) {
            return CompletableFuture.failedFuture(new NotReady(ManagedNode.NOT_RUNNING));
        }
        return attached.queries().readiness().thenCompose(NodeReadiness::verdict);
    }

    private static CompletionStage<Boolean> verdict(List<PartView> parts) {
        String missing = parts.stream()
                .filter(part -> !part.ready())
                .map(part -> part.name() + ": " + part.detail())
                .collect(Collectors.joining("; "));
        return missing.isEmpty()
                ? CompletableFuture.completedFuture(true)
                : CompletableFuture.failedFuture(new NotReady(missing));
    }
}
