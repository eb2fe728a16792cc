package io.warren.ppp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RenewalsTest {
    private static final long NOW = -5_000_000_000L;

    private static Renewals spent() {
        Renewals renewals = Renewals.ALL;
        for (int time = 0; time < Renewals.MOST; time++) {
            assertThat(renewals.isSpent(NOW)).isFalse();
            renewals = renewals.taken(NOW);
        }
        return renewals;
    }

    @Test
    void afterABurstThereIsOneInAWhile() {
        Renewals renewals = spent();
        assertThat(renewals.isSpent(NOW + Renewals.EACH - 1)).isTrue();
        assertThat(renewals.isSpent(NOW + Renewals.EACH)).isFalse();
        renewals = renewals.taken(NOW + Renewals.EACH);
        assertThat(renewals.isSpent(NOW + 2 * Renewals.EACH - 1)).isTrue();
        assertThat(renewals.isSpent(NOW + 2 * Renewals.EACH)).isFalse();
    }

    @Test
    void afterALongTimeThereAreNoMoreThanInTheBeginning() {
        long later = NOW + 1_000 * Renewals.EACH;
        Renewals renewals = spent();
        for (int time = 0; time < Renewals.MOST; time++) {
            assertThat(renewals.isSpent(later)).isFalse();
            renewals = renewals.taken(later);
        }
        assertThat(renewals.isSpent(later)).isTrue();
    }
}
