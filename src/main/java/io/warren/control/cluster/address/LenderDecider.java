package io.warren.control.cluster.address;

import io.warren.config.Cidr;
import io.warren.control.port.SessionKey;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Whether a shard lends an address, and which. */
final class LenderDecider {
    private LenderDecider() {}

    /** @param written to be in the journal before the answer leaves; null for nothing */
    record Lending(@Nullable Loan written, LenderCommand.Lent answer) {}

    /** @param reserve takes a free address of the ranges, if there is one */
    static Lending lend(Loans loans, List<Cidr> ranges, SessionKey key, long ticket, Supplier<OptionalInt> reserve) {
        Loan before = loans.withTicket(key, ticket);
        if (before != null) {
            return new Lending(null, lent(before.address()));
        }
        // the call has it already: under a new ticket, so that nothing said of the old one ends it
        Loan has = loans.of(key, ranges);
        OptionalInt address = has != null ? OptionalInt.of(has.address()) : reserve.get();
        return address.isEmpty()
                ? new Lending(null, new LenderCommand.Lent(LenderCommand.Lent.Outcome.NONE_FREE, 0))
                : new Lending(new Loan(address.getAsInt(), key, ticket), lent(address.getAsInt()));
    }

    private static LenderCommand.Lent lent(int address) {
        return new LenderCommand.Lent(LenderCommand.Lent.Outcome.LENT, address);
    }
}
