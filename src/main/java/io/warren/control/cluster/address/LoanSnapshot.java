package io.warren.control.cluster.address;

import java.util.List;

/** What the journal of a shard's loans amounts to, stored in place of a long one. */
public record LoanSnapshot(List<Loan> loans) {
    public LoanSnapshot {
        loans = List.copyOf(loans);
    }
}
