package io.warren.management;

import akka.actor.AbstractExtensionId;
import akka.actor.ClassicActorSystemProvider;
import akka.actor.ExtendedActorSystem;
import akka.actor.Extension;
import akka.actor.ExtensionId;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Where a node and its management routes meet: Akka creates the routes by their class name, the composition root
 * attaches the node when it has been built. Until then, and after it is detached, the routes
 * answer 503.
 */
public final class ManagedNode implements Extension {
    static final String NOT_RUNNING = "the node is starting or stopping";

    private static final ExtensionId<ManagedNode> ID = new Id();

    private final AtomicReference<@Nullable Attached> attached = new AtomicReference<>();

    private ManagedNode() {}

    private static final class Id extends AbstractExtensionId<ManagedNode> {
        @Override
        public ManagedNode createExtension(ExtendedActorSystem system) {
            return new ManagedNode();
        }
    }

    /** What the routes work with. */
    record Attached(NodeQueries queries, NodeMetrics metrics, boolean readOnly) {}

    public static ManagedNode of(ClassicActorSystemProvider system) {
        return ID.get(system);
    }

    /**
     * Lets the routes see a node.
     *
     * @param readOnly whether nothing may be changed
     */
    public void attach(NodeQueries queries, NodeMetrics metrics, boolean readOnly) {
        attached.set(new Attached(queries, metrics, readOnly));
    }

    /** The node goes away: from now on the routes answer 503. */
    public void detach() {
        attached.set(null);
    }

    @Nullable
    Attached attached() {
        return attached.get();
    }
}
