package io.warren.client;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** A run of pings through a call: one at a time, the next after an interval. Time is monotonic nanoseconds. */
final class Pinger {
    private static final long INTERVAL = Duration.ofMillis(200).toNanos();

    /** A peer whose kernel forwards gets its interface only after IPCP is through. */
    private static final long SETTLE = Duration.ofMillis(300).toNanos();

    private static final long PATIENCE = Duration.ofSeconds(2).toNanos();

    private final IcmpEcho echo;
    private final int count;
    private final Consumer<byte[]> wire;
    private final Consumer<String> log;
    private final Map<Integer, Long> underway = new HashMap<>();
    private int sent;
    private int received;
    private long nextAt;
    private long lastSentAt;
    private long least = Long.MAX_VALUE;
    private long most;
    private long sum;

    Pinger(IcmpEcho echo, int count, long now, Consumer<byte[]> wire, Consumer<String> log) {
        this.echo = echo;
        this.count = count;
        this.wire = wire;
        this.log = log;
        this.nextAt = now + SETTLE;
    }

    /** Whether it was one of ours. */
    boolean arrived(byte[] packet, long now) {
        OptionalInt sequence = echo.sequenceOfReply(packet);
        if (sequence.isEmpty()) {
            return false;
        }
        Long sentAt = underway.remove(sequence.getAsInt());
        if (sentAt != null) {
            long roundTrip = now - sentAt;
            received++;
            sum += roundTrip;
            least = Math.min(least, roundTrip);
            most = Math.max(most, roundTrip);
            log.accept("%d octets from %s: seq %d, %s"
                    .formatted(
                            packet.length,
                            Dotted.of(echo.destination()),
                            sequence.getAsInt(),
                            Dotted.millis(Duration.ofNanos(roundTrip))));
        }
        return true;
    }

    void tick(long now) {
        if (sent < count && now >= nextAt) {
            sent++;
            underway.put(sent, now);
            lastSentAt = now;
            nextAt = now + INTERVAL;
            wire.accept(echo.request(sent));
        }
    }

    long deadline() {
        return sent < count ? nextAt : lastSentAt + PATIENCE;
    }

    boolean isOver(long now) {
        return sent == count && (underway.isEmpty() || now >= lastSentAt + PATIENCE);
    }

    PingStatistics statistics() {
        Duration average = received == 0 ? Duration.ZERO : Duration.ofNanos(sum / received);
        return new PingStatistics(
                sent, received, Duration.ofNanos(received == 0 ? 0 : least), average, Duration.ofNanos(most));
    }
}
