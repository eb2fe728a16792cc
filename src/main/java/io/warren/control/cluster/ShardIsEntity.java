package io.warren.control.cluster;

import akka.cluster.sharding.typed.ShardingEnvelope;
import akka.cluster.sharding.typed.ShardingMessageExtractor;

/** Each entity is a shard of its own, so that a strategy can place it by its id. */
public final class ShardIsEntity<C> extends ShardingMessageExtractor<ShardingEnvelope<C>, C> {
    @Override
    public String entityId(ShardingEnvelope<C> envelope) {
        return envelope.entityId();
    }

    @Override
    public String shardId(String entityId) {
        return entityId;
    }

    @Override
    public C unwrapMessage(ShardingEnvelope<C> envelope) {
        return envelope.message();
    }
}
