package io.warren.dataplane;

import io.warren.sys.TunDevice;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/** Reads what the network sends to subscribers and gives it to the {@link Downlink} in batches. One thread. */
final class TunReader {
    private static final int WAIT_MILLIS = 100;

    private final TunDevice tun;
    private final Downlink downlink;

    TunReader(TunDevice tun, Downlink downlink) {
        this.tun = tun;
        this.downlink = downlink;
    }

    /** Reads and sends while {@code wanted}; it is asked at least ten times a second. */
    void run(BooleanSupplier wanted) throws IOException {
        while (wanted.getAsBoolean()) {
            if (readBatch() == 0) {
                tun.awaitReadable(WAIT_MILLIS);
            }
        }
    }

    /** Until nothing is left to read or the batch is full; returns how many packets there were. */
    private int readBatch() throws IOException {
        int count = 0;
        while (downlink.hasRoom()) {
            int length = tun.read(downlink.batch(), downlink.freeSlot());
            if (length == 0) {
                break;
            }
            downlink.send(length);
            count++;
        }
        downlink.flush();
        return count;
    }
}
