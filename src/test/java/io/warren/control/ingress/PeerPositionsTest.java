package io.warren.control.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.ingress.PeerPositions.News;
import io.warren.control.ingress.PeerPositions.Position;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PeerPositionsTest {
    private static final Instant SINCE = Instant.parse("2026-01-02T03:04:05.123456789Z");
    private static final Instant AS_THE_JOURNAL_HAS_IT = Instant.parse("2026-01-02T03:04:05.123456Z");
    private static final int TUNNEL = 0x0705;

    private final PeerPositions owner = new PeerPositions();
    private final PeerPositions standby = new PeerPositions();

    @BeforeEach
    void thereAreOthers() {
        owner.listen(() -> {});
    }

    @Test
    void aNodeByItselfKeepsNoNewsForOthers() {
        PeerPositions alone = new PeerPositions();
        alone.note(TUNNEL, new Position(SINCE, 17));
        assertThat(alone.takeNews().isEmpty()).isTrue();
        assertThat(alone.find(TUNNEL, SINCE)).isEqualTo(OptionalInt.of(17));
    }

    @Test
    void theStandbyKnowsWhatTheOwnerSaid() {
        owner.note(TUNNEL, new Position(SINCE, 17));
        standby.hear(owner.takeNews());
        assertThat(standby.find(TUNNEL, AS_THE_JOURNAL_HAS_IT)).isEqualTo(OptionalInt.of(17));
        assertThat(owner.takeNews().isEmpty()).isTrue();
        owner.forget(TUNNEL);
        standby.hear(owner.takeNews());
        assertThat(standby.find(TUNNEL, AS_THE_JOURNAL_HAS_IT)).isEmpty();
    }

    @Test
    void anotherTunnelUnderTheSameIdHasNoPositionYet() {
        standby.hear(new News(Map.of(TUNNEL, new Position(SINCE, 17)), Set.of()));
        assertThat(standby.find(TUNNEL, SINCE.plusSeconds(1))).isEmpty();
    }

    @Test
    void oneSignalForManyNews() {
        AtomicInteger signals = new AtomicInteger();
        owner.listen(signals::incrementAndGet);
        owner.note(TUNNEL, new Position(SINCE, 1));
        owner.note(TUNNEL, new Position(SINCE, 2));
        owner.note(TUNNEL + 1, new Position(SINCE, 1));
        assertThat(signals).hasValue(1);
        assertThat(owner.takeNews().positions()).hasSize(2);
        owner.note(TUNNEL, new Position(SINCE, 2));
        assertThat(signals).as("nothing new").hasValue(1);
        owner.note(TUNNEL, new Position(SINCE, 3));
        assertThat(signals).hasValue(2);
    }

    @Test
    void aNewStandbyIsToldEverythingOfItsShard() {
        owner.note(TUNNEL, new Position(SINCE, 17));
        owner.note(0x0805, new Position(SINCE, 18));
        owner.takeNews();
        owner.repeat(7);
        assertThat(owner.takeNews().positions()).containsOnlyKeys(TUNNEL);
    }

    @Test
    void aShardOfOthersIsForgotten() {
        owner.note(TUNNEL, new Position(SINCE, 17));
        owner.dropShard(7);
        assertThat(owner.find(TUNNEL, SINCE)).isEmpty();
        assertThat(owner.takeNews().isEmpty()).isTrue();
    }
}
