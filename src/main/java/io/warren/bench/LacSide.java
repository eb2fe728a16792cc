package io.warren.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The access concentrator with its subscribers: sets up calls, sends through them and receives from them. */
final class LacSide implements Side {
    private final int sink;
    private final Happenings happenings = new Happenings();
    private HeldAddresses held = new HeldAddresses();
    private @Nullable CallSet calls;
    private @Nullable Turnover turnover;
    private @Nullable Sending sending;

    /** @param core the address that the subscribers send to */
    LacSide(InetAddress core) {
        this.sink = ByteBuffer.wrap(core.getAddress()).getInt();
    }

    @Override
    public Answer obey(Order order) throws IOException {
        return switch (order) {
            case Order.OfCalls ofCalls -> obey(ofCalls);
            case Order.Expect expect -> {
                current().expect(expect);
                if (turnover != null) {
                    turnover.reset();
                }
                yield new Answer.Done();
            }
            case Order.Count _ -> current().receiver().counts();
            case Order.Silent silent -> new Answer.Silence(current().receiver().gaps(silent));
            case Order.Send send -> current().sender(send).send();
            case Order.Begin begin -> {
                sending = Sending.begin(current().sender(begin.send()));
                yield new Answer.Done();
            }
            case Order.End _ -> sending == null ? new Answer.Failed("nothing is being sent") : sending.end();
            case Order.Flows _, Order.BesideLns _ -> Side.refuse(order);
        };
    }

    private Answer obey(Order.OfCalls order) throws IOException {
        return switch (order) {
            case Order.Dial dial -> {
                close();
                held = new HeldAddresses();
                calls = new CallSet(dial, sink, held, happenings);
                yield current().dial();
            }
            case Order.HangUp _ -> {
                if (turnover != null) {
                    turnover.hangUp();
                    turnover = null;
                }
                Answer answer = current().hangUp();
                calls = null;
                yield answer;
            }
            case Order.Turnover start -> {
                turnover = new Turnover(start, held, happenings);
                turnover.start();
                yield new Answer.Done();
            }
            case Order.StopTurnover _ -> {
                comingAndGoing().stop();
                yield new Answer.Done();
            }
            case Order.CountNewCalls _ -> comingAndGoing().figures();
            case Order.CountKept _ -> current().kept();
        };
    }

    private CallSet current() {
        if (calls == null) {
            throw new IllegalStateException("no calls were set up");
        }
        return calls;
    }

    private Turnover comingAndGoing() {
        if (turnover == null) {
            throw new IllegalStateException("no calls come and go");
        }
        return turnover;
    }

    @Override
    public void close() {
        if (turnover != null) {
            turnover.close();
            turnover = null;
        }
        if (calls != null) {
            calls.close();
            calls = null;
        }
    }
}
