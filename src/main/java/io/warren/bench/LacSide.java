package io.warren.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The access concentrator with its subscribers: sets up calls, sends through them and receives from them. */
final class LacSide implements Side {
    private final int sink;
    private @Nullable CallSet calls;

    /** @param core the address that the subscribers send to */
    LacSide(InetAddress core) {
        this.sink = ByteBuffer.wrap(core.getAddress()).getInt();
    }

    @Override
    public Answer obey(Order order) throws IOException {
        return switch (order) {
            case Order.Dial dial -> {
                close();
                calls = new CallSet(dial, sink);
                yield current().dial();
            }
            case Order.HangUp _ -> {
                Answer answer = current().hangUp();
                calls = null;
                yield answer;
            }
            case Order.Expect expect -> current().expect(expect.run());
            case Order.Count _ -> current().counts();
            case Order.Send send -> current().send(send);
            case Order.Flows _, Order.BesideLns _ -> Side.refuse(order);
        };
    }

    private CallSet current() {
        if (calls == null) {
            throw new IllegalStateException("no calls were set up");
        }
        return calls;
    }

    @Override
    public void close() {
        if (calls != null) {
            calls.close();
            calls = null;
        }
    }
}
