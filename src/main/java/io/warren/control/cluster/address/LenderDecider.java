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

    /**
     * A call that asks again gets what it has, under a new ticket: only who got the latest answer can return it, and
     * what was said of the loan before is void.
     *
     * @param ticket never used before
     * @param reserve takes a free address of the ranges, if there is one
     */
    static Lending lend(Loans loans, List<Cidr> ranges, SessionKey key, long ticket, Supplier<OptionalInt> reserve) {
        Loan has = loans.of(key, ranges);
        OptionalInt address = has != null ? OptionalInt.of(has.address()) : reserve.get();
        if (address.isEmpty()) {
            return new Lending(null, new LenderCommand.Lent(LenderCommand.Lent.Outcome.NONE_FREE, 0, 0));
        }
        return new Lending(
                new Loan(address.getAsInt(), key, ticket),
                new LenderCommand.Lent(LenderCommand.Lent.Outcome.LENT, address.getAsInt(), ticket));
    }
}
