package io.warren.dataplane;

import io.warren.config.Ipv6;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The null plane: without a TUN device there is no network to forward to, but the gateway address answers pings, so
 * that a call can be seen to work.
 */
final class EchoResponder implements IpSink {
    private static final int SPACE = 1 << 18;

    private final int gateway;
    private final @Nullable Ipv6 gateway6;
    private final Downlink downlink;
    private final BuildSpace replies = new BuildSpace(SPACE);

    /** @param gateway6 null without IPv6 */
    EchoResponder(int gateway, @Nullable Ipv6 gateway6, Downlink downlink) {
        this.gateway = gateway;
        this.gateway6 = gateway6;
        this.downlink = downlink;
    }

    @Override
    public @Nullable DropReason take(MemorySegment memory, long at, int length, int session) {
        boolean ipv6 = IpHeader.isIpv6(memory, at);
        if (!(ipv6 ? isForUsIpv6(memory, at, length) : isForUs(memory, at, length))) {
            return DropReason.NOT_FOR_NULL_PLANE;
        }
        if (!replies.hasRoom(length)) {
            flush();
        }
        long reply = replies.take(length);
        MemorySegment.copy(memory, at, replies.memory(), reply, length);
        if (ipv6) {
            Icmpv6Messages.turnIntoEchoReply(replies.memory(), reply, length);
        } else {
            IcmpMessages.turnIntoEchoReply(replies.memory(), reply);
        }
        downlink.send(replies.memory(), reply, length, System.nanoTime());
        return null;
    }

    private boolean isForUs(MemorySegment memory, long at, int length) {
        return Ipv4Header.destination(memory, at) == gateway && IcmpMessages.isEchoRequest(memory, at, length);
    }

    private boolean isForUsIpv6(MemorySegment memory, long at, int length) {
        return gateway6 != null
                && Ipv6Header.destinationHigh(memory, at) == gateway6.high()
                && Octets.i64(memory, at + 32) == gateway6.low()
                && Icmpv6Messages.isEchoRequest(memory, at, length);
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
