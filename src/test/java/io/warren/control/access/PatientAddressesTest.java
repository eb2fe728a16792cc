package io.warren.control.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.config.Cidr;
import io.warren.config.PrefixPlan;
import io.warren.control.port.CallDetails;
import io.warren.control.port.SessionKey;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PatientAddressesTest {
    private static final SessionKey OLD = new SessionKey(1, 1);
    private static final SessionKey NEW = new SessionKey(1, 2);
    private static final int ADDRESS = 0x0a000007;

    private final AddressPools pools = new AddressPools(Map.of("default", List.of("10.0.0.0/24")), 0x0a000001);
    private volatile boolean replaced;
    private final Addresses addresses = new PatientAddresses(pools.addresses(), new Logins() {
        @Override
        public boolean limits(int calls) {
            return true;
        }

        @Override
        public CompletionStage<Answer> claim(CallDetails call, String user, int calls) {
            return CompletableFuture.completedFuture(new Answer.Admitted());
        }

        @Override
        public boolean hasReplaced(SessionKey key) {
            return replaced && key.equals(NEW);
        }

        @Override
        public void over(SessionKey key) {}
    });

    @Test
    void whoReplacedACallWaitsForItsAddress() throws Exception {
        replaced = true;
        pools.lease(OLD, ADDRESS);
        CompletableFuture<Boolean> leased = addresses.lease(NEW, ADDRESS).toCompletableFuture();
        CompletableFuture<OptionalInt> within = addresses
                .leaseWithin(List.of(Cidr.parse("10.0.0.7/32")), NEW, "alice")
                .toCompletableFuture();
        assertThat(leased).isNotDone();
        assertThat(within).isNotDone();
        pools.release(OLD, ADDRESS);
        assertThat(leased.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(within.get(10, TimeUnit.SECONDS)).hasValue(ADDRESS);
    }

    @Test
    void allOthersAreAnsweredAtOnce() {
        pools.lease(OLD, ADDRESS);
        assertThat(addresses.lease(NEW, ADDRESS)).isCompletedWithValue(false);
        assertThat(addresses.leaseAny("nowhere", NEW, "alice")).isCompletedWithValue(OptionalInt.empty());
    }

    @Test
    void whoHasAnAddressDoesNotWaitForTheOneThatHeWishes() {
        replaced = true;
        pools.lease(OLD, ADDRESS);
        assertThat(addresses.leaseAny("default", NEW, "alice")).isCompleted();
        assertThat(addresses.lease(NEW, ADDRESS)).isCompletedWithValue(false);
        addresses.over(NEW);
        assertThat(addresses.lease(NEW, ADDRESS).toCompletableFuture())
                .as("the next call with these ids")
                .isNotDone();
        replaced = false;
    }

    @Test
    void whoHasAnAddressStillWaitsForHisPrefix() throws Exception {
        replaced = true;
        int prefix = PrefixPlan.index(PrefixPlan.Kind.FRAMED, 0x20010db8_00000001L, 64);
        assertThat(pools.lease(OLD, prefix)).isTrue();
        assertThat(addresses.leaseAny("default", NEW, "alice")).isCompleted();
        CompletableFuture<Boolean> leased = addresses.lease(NEW, prefix).toCompletableFuture();
        assertThat(leased).isNotDone();
        pools.release(OLD, prefix);
        assertThat(leased.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void nobodyWaitsForEver() throws Exception {
        replaced = true;
        pools.lease(OLD, ADDRESS);
        CompletableFuture<Boolean> leased = addresses.lease(NEW, ADDRESS).toCompletableFuture();
        replaced = false;
        assertThat(leased.get(10, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void whatACallGetsThatIsOverIsFreeAgain() throws Exception {
        replaced = true;
        pools.lease(OLD, ADDRESS);
        CompletableFuture<Boolean> leased = addresses.lease(NEW, ADDRESS).toCompletableFuture();
        replaced = false;
        pools.release(OLD, ADDRESS);
        assertThat(leased.get(10, TimeUnit.SECONDS)).isFalse();
        assertThat(pools.leased()).isZero();
    }
}
