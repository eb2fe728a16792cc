package io.warren.dataplane;

import io.warren.sys.PacketBuffers;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The null plane: without a TUN device there is no network to forward to, but the gateway address answers pings, so
 * that a call can be seen to work.
 */
final class EchoResponder implements IpSink {
    private final int gateway;
    private final Downlink downlink;

    EchoResponder(int gateway, Downlink downlink) {
        this.gateway = gateway;
        this.downlink = downlink;
    }

    @Override
    public @Nullable DropReason take(PacketBuffers batch, long at, int length) {
        MemorySegment memory = batch.memory();
        PacketBuffers replies = downlink.batch();
        if (Ipv4Header.destination(memory, at) != gateway
                || length > replies.capacity()
                || !IcmpMessages.isEchoRequest(memory, at, length)) {
            return DropReason.NOT_FOR_NULL_PLANE;
        }
        long reply = replies.origin(downlink.freeSlot());
        MemorySegment.copy(memory, at, replies.memory(), reply, length);
        IcmpMessages.turnIntoEchoReply(replies.memory(), reply);
        downlink.send(length);
        return null;
    }

    @Override
    public void flush() {
        downlink.flush();
    }
}
