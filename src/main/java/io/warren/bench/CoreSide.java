package io.warren.bench;

import io.warren.sys.AddressBits;
import io.warren.sys.PacketBuffers;
import io.warren.sys.UdpSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The host behind the LNS: receives what the subscribers send, and sends to them. */
final class CoreSide implements Side, Receiver.Handler, Sender.Maker {
    /** Subscribers send here. */
    static final int SINK_PORT = 9_000;
    /** And receive here. */
    static final int SUBSCRIBER_PORT = 9_002;

    private static final int SOURCE_PORT = 9_001;
    private static final int BUFFER = 16 << 20;
    private static final int IP_AND_UDP = 28;

    private final UdpSocket sink;
    private final UdpSocket source;
    private volatile Subscribers subscribers = new Subscribers(List.of());
    private final Receiver receiver;
    private @Nullable Sending sending;

    @SuppressWarnings("this-escape") // the receiver's thread needs nothing but what is set before it
    CoreSide(InetAddress address) throws IOException {
        sink = UdpSocket.bind(new InetSocketAddress(address, SINK_PORT), BUFFER, 1 << 20);
        source = UdpSocket.bind(new InetSocketAddress(address, SOURCE_PORT), 1 << 20, BUFFER);
        receiver = Receiver.of(List.of(sink), Payload.UP, this);
        receiver.start();
    }

    @Override
    public Answer obey(Order order) {
        return switch (order) {
            case Order.Flows flows -> {
                subscribers = new Subscribers(flows.addresses());
                yield new Answer.Done();
            }
            case Order.Expect expect -> receiver.expect(expect, subscribers.count());
            case Order.Count _ -> receiver.counts();
            case Order.Send send -> sender(send).send();
            case Order.Begin begin -> {
                sending = Sending.begin(sender(begin.send()));
                yield new Answer.Done();
            }
            case Order.End _ -> ended();
            case Order.Silent silent -> new Answer.Silence(receiver.gaps(silent));
            case Order.OfCalls _, Order.BesideLns _ -> Side.refuse(order);
        };
    }

    private Sender sender(Order.Send order) {
        return new Sender(List.of(lane()), this, subscribers.count(), order);
    }

    private Answer ended() {
        return sending == null ? new Answer.Failed("nothing is being sent") : sending.end();
    }

    private Sender.Lane lane() {
        return new Sender.Lane(source, IntStream.range(0, subscribers.count()).toArray());
    }

    @Override
    public void packet(PacketBuffers batch, int slot, Arrivals arrivals, long now) {
        int flow = subscribers.flow((int) batch.remoteLow(slot));
        arrivals.arrived(batch.memory(), batch.start(slot), batch.length(slot), flow, now);
    }

    @Override
    public void idle() {}

    @Override
    public void make(PacketBuffers batch, int slot, int size, int run, int flow, int sequence, long time) {
        int length = size - IP_AND_UDP;
        long at = batch.origin(slot);
        Payload.write(batch.memory(), at, length, Payload.DOWN, run, flow, sequence, time);
        batch.setPacket(slot, at, length);
        batch.setRemote(slot, 0, AddressBits.ofIpv4(subscribers.address(flow)), SUBSCRIBER_PORT);
        batch.clearLocal(slot);
    }

    @Override
    public void close() {
        receiver.close();
        sink.close();
        source.close();
    }
}
