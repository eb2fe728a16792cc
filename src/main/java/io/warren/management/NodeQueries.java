package io.warren.management;

import io.warren.config.RateLimits;
import io.warren.control.port.SessionKey;
import io.warren.management.api.ClusterView;
import io.warren.management.api.EventView;
import io.warren.management.api.ForwardingView;
import io.warren.management.api.MemberView;
import io.warren.management.api.NodeView;
import io.warren.management.api.Page;
import io.warren.management.api.PartView;
import io.warren.management.api.SessionView;
import io.warren.management.api.TunnelView;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * What the management routes ask of a running node. Safe to call from any thread; none blocks. A stage that completes
 * exceptionally becomes an answer 503.
 */
public interface NodeQueries {
    /** The tunnels that the selection names, by ascending Tunnel ID. See {@link Selection#tunnelPage}. */
    CompletionStage<Page<TunnelView>> tunnels(Selection selection);

    CompletionStage<Optional<TunnelView>> tunnel(int tunnelId);

    /** The calls that the selection names, by ascending Tunnel ID, then Session ID. See {@link Selection#sessionPage}. */
    CompletionStage<Page<SessionView>> sessions(Selection selection);

    CompletionStage<Optional<SessionView>> session(SessionKey key);

    /** The journal of a call, oldest first, also of one that is over; empty when there never was such a call. */
    CompletionStage<List<EventView>> events(SessionKey key);

    /** Ends a tunnel with a StopCCN of this result code; false when there is none. */
    CompletionStage<Boolean> hangUpTunnel(int tunnelId, int result);

    /** Ends a call with a CDN of this result code; false when there is none. */
    CompletionStage<Boolean> hangUpSession(SessionKey key, int result);

    /** Puts a call that is up under other limits; false when there is none. */
    CompletionStage<Boolean> limitSession(SessionKey key, RateLimits limits);

    ForwardingView forwarding();

    /** From what is known without asking anyone: it is called for each look at the metrics. */
    NodeView node();

    /** The cluster as this node sees it; empty for a node by itself. */
    Optional<ClusterView> cluster();

    /**
     * Gives all shards to other nodes and takes no new tunnels, or is a node like the others again; empty for a node by
     * itself.
     */
    Optional<MemberView> drain(boolean on);

    /** Each part that must work before the node takes calls, asked now: the journal really answers. */
    CompletionStage<List<PartView>> readiness();
}
