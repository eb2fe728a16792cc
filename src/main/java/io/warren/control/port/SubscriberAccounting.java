package io.warren.control.port;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Somebody who keeps the books of what subscribers use: a RADIUS server. */
@FunctionalInterface
public interface SubscriberAccounting {
    /** Nobody. */
    SubscriberAccounting NONE = _ -> CompletableFuture.completedFuture(false);

    /** Whether it was acknowledged; if not, it has to be told again. Never completes exceptionally. */
    CompletionStage<Boolean> report(AccountingRecord record);
}
