package io.warren.radius;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.radius.Exchanges.Action;
import io.warren.radius.Exchanges.Policy;
import io.warren.radius.Exchanges.Server;
import io.warren.radius.Exchanges.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ExchangesTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Policy POLICY = new Policy(SECOND, 3, 30 * SECOND);

    /** No jitter. */
    private static final RandomGenerator EVEN = new RandomGenerator() {
        @Override
        public long nextLong() {
            return 0;
        }

        @Override
        public double nextDouble() {
            return 0.5;
        }
    };

    private final List<Action> actions = new ArrayList<>();
    private Exchanges exchanges = Exchanges.of(List.of(), POLICY);

    private void servers(Server... servers) {
        exchanges = Exchanges.of(List.of(servers), POLICY);
    }

    private List<Action> take(Step step) {
        exchanges = step.next();
        actions.addAll(step.actions());
        return step.actions();
    }

    private List<Action> ask(long number, long at) {
        return take(exchanges.ask(number, at, EVEN));
    }

    private List<Action> tick(long at) {
        return take(exchanges.tick(at, EVEN));
    }

    private List<Action> answered(long number, long at) {
        return take(exchanges.answered(number, at, EVEN));
    }

    @Test
    void aRequestIsRepeatedEachTimeLater() {
        servers(new Server(1, 1, 10));
        assertThat(ask(1, 0)).containsExactly(new Action.Send(1, 0));
        assertThat(tick(SECOND - 1)).isEmpty();
        assertThat(tick(SECOND)).containsExactly(new Action.Repeat(1));
        assertThat(tick(3 * SECOND - 1)).isEmpty();
        assertThat(tick(3 * SECOND)).containsExactly(new Action.Repeat(1));
        assertThat(tick(7 * SECOND - 1)).isEmpty();
        assertThat(tick(7 * SECOND)).containsExactly(new Action.Died(0), new Action.GiveUp(1, Exchanges.SILENT));
        assertThat(exchanges.open()).isEmpty();
    }

    @Test
    void theNextServerIsAskedWhenOneIsSilent() {
        servers(new Server(1, 1, 10), new Server(2, 1, 10));
        ask(1, 0);
        tick(SECOND);
        tick(3 * SECOND);
        assertThat(tick(7 * SECOND)).containsExactly(new Action.Died(0), new Action.Send(1, 1));
        assertThat(ask(2, 8 * SECOND)).containsExactly(new Action.Send(2, 1));
    }

    @Test
    void whoeverAsksADeadServerGoesToTheNextAtOnce() {
        servers(new Server(1, 1, 10), new Server(2, 1, 10));
        ask(1, 0);
        tick(SECOND);
        tick(3 * SECOND);
        ask(2, 7 * SECOND - 1);
        assertThat(tick(7 * SECOND)).contains(new Action.Died(0), new Action.Send(1, 1));
        assertThat(tick(7 * SECOND + 1)).isSubsetOf(new Action.Send(2, 1));
        assertThat(actions).contains(new Action.Send(2, 1)).doesNotContain(new Action.Repeat(2));
    }

    /** The server is dead from seven seconds on. */
    private void aLoneServerIsSilent() {
        servers(new Server(1, 1, 1_000));
        ask(1, 0);
        tick(SECOND);
        tick(3 * SECOND);
        assertThat(tick(7 * SECOND)).contains(new Action.Died(0));
    }

    @Test
    void oneRequestThatALoneServerIgnoresDoesNotHaveTheNextRefused() {
        aLoneServerIsSilent();
        assertThat(ask(2, 8 * SECOND)).containsExactly(new Action.Send(2, 0));
        assertThat(answered(2, 8 * SECOND + 1)).containsExactly(new Action.Lives(0));
        for (int i = 0; i < 100; i++) {
            assertThat(ask(10 + i, 8 * SECOND + 2)).containsExactly(new Action.Send(10 + i, 0));
        }
    }

    @Test
    void whenAllAreDeadAFewTryItOnceAndTheOthersAreRefusedAtOnce() {
        aLoneServerIsSilent();
        for (int i = 0; i < Exchanges.LAST_RESORTS; i++) {
            assertThat(ask(10 + i, 8 * SECOND)).containsExactly(new Action.Send(10 + i, 0));
        }
        for (int i = 0; i < 1_000; i++) {
            assertThat(ask(100 + i, 8 * SECOND)).containsExactly(new Action.GiveUp(100 + i, Exchanges.SILENT));
        }
        assertThat(tick(9 * SECOND - 1)).isEmpty();
        assertThat(tick(9 * SECOND))
                .hasSize(Exchanges.LAST_RESORTS)
                .allMatch(action -> action instanceof Action.GiveUp);
        assertThat(exchanges.open()).isEmpty();
        assertThat(ask(9_999, 9 * SECOND)).containsExactly(new Action.Send(9_999, 0));
    }

    @Test
    void whoeverTriesADeadServerDoesNotMakeItsDeadTimeLonger() {
        aLoneServerIsSilent();
        for (int second = 8; second < 37; second++) {
            ask(second, second * SECOND);
            tick((second + 1) * SECOND);
        }
        for (int i = 0; i < Exchanges.PROBES; i++) {
            assertThat(ask(100 + i, 37 * SECOND)).containsExactly(new Action.Send(100 + i, 0));
        }
    }

    @Test
    void ofDeadServersTheOneIsTriedWhoseTimeIsOverFirst() {
        servers(new Server(1, 1, 10), new Server(2, 1, 10));
        ask(1, 0);
        tick(SECOND);
        tick(3 * SECOND);
        assertThat(tick(7 * SECOND)).contains(new Action.Died(0), new Action.Send(1, 1));
        tick(8 * SECOND);
        tick(10 * SECOND);
        assertThat(tick(14 * SECOND)).containsExactly(new Action.Died(1), new Action.GiveUp(1, Exchanges.SILENT));
        assertThat(ask(2, 15 * SECOND)).containsExactly(new Action.Send(2, 0));
        assertThat(tick(16 * SECOND)).containsExactly(new Action.Send(2, 1));
        assertThat(answered(2, 16 * SECOND + 1)).containsExactly(new Action.Lives(1));
        assertThat(ask(3, 16 * SECOND + 2)).as("one lives").containsExactly(new Action.Send(3, 1));
    }

    @Test
    void aServerOverTlsGetsARequestOnceAndHasAsMuchTime() {
        servers(new Server(1, 1, 10, true), new Server(2, 1, 10));
        assertThat(ask(1, 0)).containsExactly(new Action.Send(1, 0));
        assertThat(tick(7 * SECOND - 1)).isEmpty();
        assertThat(tick(7 * SECOND)).containsExactly(new Action.Died(0), new Action.Send(1, 1));
        assertThat(tick(8 * SECOND)).containsExactly(new Action.Repeat(1));
    }

    @Test
    void whatWasOnAConnectionThatEndedGoesToTheSameServerAgainButNotForEver() {
        servers(new Server(1, 1, 10, true), new Server(2, 1, 10, true));
        ask(1, 0);
        assertThat(take(exchanges.lost(1, SECOND, EVEN))).containsExactly(new Action.Send(1, 0));
        assertThat(take(exchanges.lost(1, 2 * SECOND, EVEN))).containsExactly(new Action.Send(1, 0));
        assertThat(take(exchanges.lost(1, 3 * SECOND, EVEN))).containsExactly(new Action.Send(1, 1));
        assertThat(exchanges.states().get(0).outstanding()).isZero();
        assertThat(take(exchanges.lost(77, SECOND, EVEN)))
                .as("nobody waits for it")
                .isEmpty();
    }

    @Test
    void aConnectionThatEndedGivesNoMoreTime() {
        servers(new Server(1, 1, 10, true));
        ask(1, 0);
        take(exchanges.lost(1, 6 * SECOND, EVEN));
        assertThat(tick(7 * SECOND)).containsExactly(new Action.Died(0), new Action.GiveUp(1, Exchanges.SILENT));
    }

    @Test
    void withoutAConnectionTheNextServerIsAskedAtOnce() {
        servers(new Server(1, 1, 10, true), new Server(2, 1, 10));
        ask(1, 0);
        assertThat(take(exchanges.unreachable(0, 1))).containsExactly(new Action.Died(0));
        assertThat(tick(2)).containsExactly(new Action.Send(1, 1));
        assertThat(ask(2, 3)).containsExactly(new Action.Send(2, 1));
        assertThat(take(exchanges.unreachable(0, 4))).as("it is known").isEmpty();
    }

    @Test
    void withALoneServerWhatWaitsForItsConnectionKeepsItsTime() {
        servers(new Server(1, 1, 10, true));
        ask(1, 0);
        take(exchanges.unreachable(0, 1));
        assertThat(tick(6 * SECOND)).isEmpty();
        take(exchanges.connected(0, 6 * SECOND, EVEN));
        assertThat(answered(1, 6 * SECOND + 1)).containsExactly(new Action.Lives(0));
    }

    @Test
    void aNewConnectionMakesAnUnreachableServerWorthATryAtOnce() {
        servers(new Server(1, 1, 100, true), new Server(2, 1, 1_000));
        take(exchanges.unreachable(0, 0));
        assertThat(ask(1, SECOND)).containsExactly(new Action.Send(1, 1));
        take(exchanges.connected(0, 2 * SECOND, EVEN));
        for (int i = 0; i < Exchanges.PROBES; i++) {
            assertThat(ask(10 + i, 2 * SECOND)).containsExactly(new Action.Send(10 + i, 0));
        }
        assertThat(ask(99, 2 * SECOND)).containsExactly(new Action.Send(99, 1));
    }

    @Test
    void aNewConnectionSaysNothingOfAServerThatWasSilentOnTheLast() {
        servers(new Server(1, 1, 10, true), new Server(2, 1, 10));
        ask(1, 0);
        tick(7 * SECOND);
        take(exchanges.unreachable(0, 7 * SECOND));
        take(exchanges.connected(0, 8 * SECOND, EVEN));
        assertThat(ask(2, 8 * SECOND)).containsExactly(new Action.Send(2, 1));
        assertThat(ask(3, 37 * SECOND)).containsExactly(new Action.Send(3, 0));
    }

    @Test
    void afterItsDeadTimeAServerIsTriedAgainByAFew() {
        servers(new Server(1, 1, 1_000));
        ask(1, 0);
        tick(SECOND);
        tick(3 * SECOND);
        tick(7 * SECOND);
        for (int i = 0; i < Exchanges.PROBES; i++) {
            assertThat(ask(10 + i, 37 * SECOND)).containsExactly(new Action.Send(10 + i, 0));
        }
        assertThat(ask(99, 37 * SECOND)).isEmpty();
        assertThat(answered(10, 37 * SECOND + 1)).containsExactly(new Action.Lives(0), new Action.Send(99, 0));
    }

    @Test
    void aServerThatAnswersOthersIsNotDead() {
        servers(new Server(1, 1, 10));
        ask(1, 0);
        ask(2, 0);
        answered(2, SECOND / 2);
        tick(SECOND);
        tick(3 * SECOND);
        assertThat(tick(7 * SECOND)).containsExactly(new Action.GiveUp(1, Exchanges.SILENT));
        assertThat(ask(3, 7 * SECOND)).containsExactly(new Action.Send(3, 0));
    }

    @Test
    void whatIsOverTheLimitGoesToTheNextServerOrWaits() {
        servers(new Server(1, 1, 1), new Server(2, 1, 1));
        assertThat(ask(1, 0)).containsExactly(new Action.Send(1, 0));
        assertThat(ask(2, 0)).containsExactly(new Action.Send(2, 1));
        assertThat(ask(3, 0)).isEmpty();
        assertThat(ask(4, 0)).isEmpty();
        assertThat(answered(2, 1)).containsExactly(new Action.Send(3, 1));
        assertThat(answered(1, 2)).containsExactly(new Action.Send(4, 0));
        assertThat(exchanges.waiting()).isEmpty();
    }

    @Test
    void nobodyWaitsForEver() {
        servers(new Server(1, 1, 1));
        ask(1, 0);
        ask(2, 0);
        tick(6 * SECOND);
        answered(1, 6 * SECOND + 1);
        assertThat(actions).contains(new Action.Send(2, 0));
        ask(3, 6 * SECOND + 1);
        take(exchanges.tick(20 * SECOND, EVEN));
        assertThat(actions).contains(new Action.GiveUp(3, Exchanges.FULL));
    }

    @Test
    void weightsShareTheWorkOfOnePriority() {
        servers(new Server(1, 300, 65_536), new Server(1, 100, 65_536), new Server(2, 10_000, 65_536));
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        Map<Integer, Integer> shares = new HashMap<>();
        for (int i = 0; i < 4_000; i++) {
            Step step = exchanges.ask(i, 0, random);
            exchanges = step.next();
            shares.merge(((Action.Send) step.actions().getFirst()).server(), 1, Integer::sum);
        }
        assertThat(shares).as("seed %d", seed).containsOnlyKeys(0, 1);
        assertThat(shares.get(0)).as("seed %d", seed).isBetween(2_800, 3_200);
    }

    @Test
    void anAnswerThatNobodyWaitsForChangesNothing() {
        servers(new Server(1, 1, 1));
        Exchanges before = exchanges;
        assertThat(answered(77, 1)).isEmpty();
        assertThat(exchanges).isEqualTo(before);
    }

    /** Whatever happens, in whatever order: each request ends once, and the servers' counts come back to zero. */
    @Test
    void everyRequestEndsJustOnce() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        servers(new Server(1, 1, 3), new Server(1, 5, 2, true), new Server(2, 1, 4));
        Map<Long, Integer> ends = new HashMap<>();
        long now = Long.MAX_VALUE - 5 * SECOND;
        for (long number = 1; number <= 2_000; number++) {
            now += random.nextInt(200_000_000);
            end(exchanges.ask(number, now, random), ends);
            long any = 1 + random.nextLong(number);
            if (random.nextInt(3) > 0) {
                var exchange = exchanges.open().get(any);
                if (exchange != null && exchange.server() >= 0) {
                    ends.merge(any, 1, Integer::sum);
                }
                end(exchanges.answered(any, now, random), ends);
            }
            switch (random.nextInt(8)) {
                case 0 -> end(exchanges.unreachable(1, now), ends);
                case 1 -> end(exchanges.connected(1, now, random), ends);
                case 2 -> lost(1 + random.nextLong(number), now, random, ends);
                default -> {}
            }
            end(exchanges.tick(now, random), ends);
        }
        for (int i = 0; i < 200; i++) {
            now += SECOND;
            end(exchanges.tick(now, random), ends);
        }
        assertThat(exchanges.open()).as("seed %d", seed).isEmpty();
        assertThat(exchanges.waiting()).as("seed %d", seed).isEmpty();
        assertThat(ends)
                .as("seed %d", seed)
                .hasSize(2_000)
                .allSatisfy((_, times) -> assertThat(times).isEqualTo(1));
        assertThat(exchanges.states()).as("seed %d", seed).allMatch(state -> state.outstanding() == 0);
    }

    private void lost(long number, long now, Random random, Map<Long, Integer> ends) {
        var exchange = exchanges.open().get(number);
        if (exchange != null && exchange.server() == 1) {
            end(exchanges.lost(number, now, random), ends);
        }
    }

    private void end(Step step, Map<Long, Integer> ends) {
        exchanges = step.next();
        for (Action action : step.actions()) {
            if (action instanceof Action.GiveUp(long number, String _)) {
                ends.merge(number, 1, Integer::sum);
            }
        }
    }

    @Test
    void whatGoesOnWithAServersChallengeIsAskedOfNoOther() {
        servers(new Server(1, 1, 10), new Server(2, 1, 10));
        assertThat(take(exchanges.ask(1, 1, 0, EVEN))).as("of a lower rank").containsExactly(new Action.Send(1, 1));
        tick(SECOND);
        tick(3 * SECOND);
        assertThat(tick(7 * SECOND)).containsExactly(new Action.Died(1), new Action.GiveUp(1, Exchanges.SILENT));
        assertThat(take(exchanges.ask(2, 1, 8 * SECOND, EVEN)))
                .as("it is tried, since no other would do")
                .containsExactly(new Action.Send(2, 1));
        assertThat(tick(9 * SECOND)).containsExactly(new Action.GiveUp(2, Exchanges.SILENT));
        assertThat(take(exchanges.ask(3, -1, 8 * SECOND, EVEN)))
                .as("a server that is not there")
                .containsExactly(new Action.GiveUp(3, Exchanges.SILENT));
        assertThat(exchanges.open()).isEmpty();
    }
}
