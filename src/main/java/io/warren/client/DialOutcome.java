package io.warren.client;

import io.warren.ppp.LinkParameters;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a call went.
 *
 * @param failure why it did not come up, or why it ended before we wanted; null: all went well
 * @param link what was negotiated; null: IP never was up
 * @param timeToIp from the first SCCRQ until IP was up
 * @param pings null: none were asked for, or none could be sent
 */
public record DialOutcome(
        @Nullable String failure,
        @Nullable LinkParameters link,
        @Nullable Duration timeToIp,
        @Nullable PingStatistics pings) {
    /** The call came up, ended when we wanted, and pings (if any were asked for) were answered. */
    public boolean success() {
        return failure == null && (pings == null || pings.received() > 0);
    }
}
