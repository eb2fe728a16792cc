package io.warren.control.ingress;

import akka.cluster.sharding.typed.ShardingEnvelope;
import akka.cluster.sharding.typed.ShardingMessageExtractor;

/**
 * The shard is the high eight bits of the Tunnel ID: 256 shards of 256 tunnels. A session's entity id begins with its
 * tunnel's, so both live in shards of the same number, and those on the same node.
 */
final class ShardOfTunnelId<C> extends ShardingMessageExtractor<ShardingEnvelope<C>, C> {
    @Override
    public String entityId(ShardingEnvelope<C> envelope) {
        return envelope.entityId();
    }

    @Override
    public String shardId(String entityId) {
        int dash = entityId.indexOf('-');
        return Integer.toString(Integer.parseInt(entityId, 0, dash < 0 ? entityId.length() : dash, 10) >> 8);
    }

    @Override
    public C unwrapMessage(ShardingEnvelope<C> envelope) {
        return envelope.message();
    }
}
