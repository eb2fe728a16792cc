package io.warren.control.cluster.address;

import io.warren.config.Cidr;
import io.warren.control.port.SessionKey;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * How a node reaches the registry and the lenders, wherever they run. A stage completes exceptionally when no answer
 * came in time; the question may have had its effect all the same, even later.
 */
interface AddressNetwork {
    CompletionStage<BlockAnswer> ask(BlockQuestion question);

    /** @param home the lender's shard */
    CompletionStage<LenderCommand.Lent> lend(int home, List<Cidr> ranges, SessionKey key);

    /** May get lost. */
    void giveBack(int home, SessionKey key, long ticket);

    CompletionStage<LenderCommand.Shown> loansOf(int home);

    /** @param borrower the shard of the calls that have them */
    CompletionStage<LenderCommand.NotInUse> notInUse(int borrower, List<Loan> loans);
}
