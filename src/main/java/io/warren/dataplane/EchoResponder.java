package io.warren.dataplane;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The null plane: without a TUN device there is no network to forward to, but the gateway address answers pings, so
 * that a call can be seen to work.
 */
final class EchoResponder implements IpSink {
    private static final int SPACE = 1 << 18;

    private final int gateway;
    private final Downlink downlink;
    private final BuildSpace replies = new BuildSpace(SPACE);

    EchoResponder(int gateway, Downlink downlink) {
        this.gateway = gateway;
        this.downlink = downlink;
    }

    @Override
    public @Nullable DropReason take(MemorySegment memory, long at, int length, int session) {
        if (Ipv4Header.destination(memory, at) != gateway || !IcmpMessages.isEchoRequest(memory, at, length)) {
            return DropReason.NOT_FOR_NULL_PLANE;
        }
        if (!replies.hasRoom(length)) {
            flush();
        }
        long reply = replies.take(length);
        MemorySegment.copy(memory, at, replies.memory(), reply, length);
        IcmpMessages.turnIntoEchoReply(replies.memory(), reply);
        downlink.send(replies.memory(), reply, length, System.nanoTime());
        return null;
    }

    @Override
    public void flush() {
        downlink.flush();
        replies.clear();
    }

    @Override
    public void discard() {
        downlink.discard();
        replies.clear();
    }
}
