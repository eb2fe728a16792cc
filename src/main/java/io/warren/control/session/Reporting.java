package io.warren.control.session;

import io.warren.control.port.AccountingRecord;
import org.jspecify.annotations.Nullable;

/**
 * What of a call's accounting is under way; begins afresh after a restart.
 *
 * @param asked a start or stop that waits for its acknowledgement
 * @param failures how often in a row none came
 * @param due when the next one is to be told, in monotonic nanoseconds; {@link Long#MAX_VALUE} for never
 */
record Reporting(AccountingRecord.@Nullable Kind asked, int failures, long due) {
    static final Reporting NONE = new Reporting(null, 0, Long.MAX_VALUE);

    Reporting asking(AccountingRecord.Kind kind) {
        return new Reporting(kind, failures, Long.MAX_VALUE);
    }

    Reporting failed(long retry) {
        return new Reporting(null, failures + 1, retry);
    }

    static Reporting next(long due) {
        return new Reporting(null, 0, due);
    }
}
