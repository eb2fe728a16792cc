package io.warren.control.cluster.address;

import io.warren.config.Cidr;
import io.warren.control.port.SessionKey;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/** What one shard has lent. */
record Loans(PMap<Integer, Loan> byAddress) {
    static final Loans EMPTY = new Loans(HashTreePMap.empty());

    Collection<Loan> all() {
        return byAddress.values();
    }

    /** The loan of this ticket, unless it has another one by now. */
    @Nullable
    Loan withTicket(SessionKey key, long ticket) {
        return first(loan -> loan.ticket() == ticket && loan.key().equals(key));
    }

    /** What the call has of these ranges. */
    @Nullable
    Loan of(SessionKey key, Collection<Cidr> ranges) {
        return first(
                loan -> loan.key().equals(key) && ranges.stream().anyMatch(range -> range.contains(loan.address())));
    }

    Loans evolve(LoanEvent event) {
        return switch (event) {
            case LoanEvent.AddressLent(var _, int address, SessionKey key, long ticket) ->
                new Loans(byAddress.plus(address, new Loan(address, key, ticket)));
            case LoanEvent.AddressReturned(var _, int address) -> new Loans(byAddress.minus(address));
        };
    }

    private @Nullable Loan first(Predicate<Loan> wanted) {
        for (Loan loan : byAddress.values()) {
            if (wanted.test(loan)) {
                return loan;
            }
        }
        return null;
    }

    /** Stored in place of a long journal. */
    LoanSnapshot toSnapshot() {
        return new LoanSnapshot(List.copyOf(byAddress.values()));
    }

    static Loans of(LoanSnapshot snapshot) {
        PMap<Integer, Loan> loans = HashTreePMap.empty();
        for (Loan loan : snapshot.loans()) {
            loans = loans.plus(loan.address(), loan);
        }
        return new Loans(loans);
    }
}
