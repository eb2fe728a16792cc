package io.warren.control.cluster.address;

import io.warren.config.Cidr;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The addresses of the shards on this node, as a lender sees them. A lender may run where its shard is not yet, or not
 * any more: then there is nothing to lend.
 */
interface LendingDesk {
    /** Whether this node knows all that is in use of the shard's addresses. */
    boolean isReady(int shard);

    /** Takes an address of these ranges that is free and the shard's to lend. */
    OptionalInt reserve(int shard, Collection<Cidr> ranges);

    /** A loan, of a reserved address or under a new ticket, is in the journal. */
    void lent(int shard, Loan loan);

    /** The end of a loan is in the journal. */
    void returned(int shard, Loan loan);

    /** The lender starts again after a failure: this is all that is lent. */
    void restarted(int shard, Collection<Loan> loans);

    /** Of these loans to calls of the shard those that no call has or waits for; empty when that is not known. */
    Optional<List<Loan>> notInUse(int shard, List<Loan> loans);
}
