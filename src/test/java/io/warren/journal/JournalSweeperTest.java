package io.warren.journal;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorRef;
import io.warren.control.session.SessionEvent;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalSweeperTest {
    private static final Duration GRACE = Duration.ofMinutes(1);
    private static final Duration RETENTION = Duration.ofDays(7);
    private static final SessionEvent CONNECTED = EventSamples.connected(1);
    private static final SessionEvent CLOSED = EventSamples.closed();

    @TempDir
    Path directory;

    @Test
    void movesWhatIsOverAndThenDeletesIt() throws Exception {
        try (JournalNode node = JournalNode.start(directory)) {
            node.read();
            JournalNode.join(node.write(node.entity("session", "1-1"), CONNECTED, CLOSED));
            JournalNode.join(node.write(node.entity("session", "1-2"), CONNECTED));
            JournalHistory history = new JournalHistory(node.database, Runnable::run);
            JournalSweeper sweeper = new JournalSweeper(node.database, node.index, GRACE, RETENTION);
            Instant now = Instant.now();

            assertThat(sweeper.sweep(now, 100)).isEqualTo(new JournalSweeper.Swept(0, 0));
            assertThat(sweeper.sweep(now.plus(GRACE).plusSeconds(10), 100)).isEqualTo(new JournalSweeper.Swept(1, 0));
            assertThat(count(node, "event_journal")).isEqualTo(1);
            assertThat(count(node, "event_history")).isEqualTo(2);
            assertThat(JournalNode.join(history.of("session|1-1")))
                    .extracting(RecordedEvent::event)
                    .containsExactly((Record) CONNECTED, (Record) CLOSED);

            assertThat(sweeper.sweep(now.plus(RETENTION).plusSeconds(10), 1).purged())
                    .isEqualTo(1);
            assertThat(sweeper.sweep(now.plus(RETENTION).plusSeconds(10), 100).purged())
                    .isEqualTo(1);
            assertThat(JournalNode.join(history.of("session|1-1"))).isEmpty();
            assertThat(JournalNode.join(history.of("session|1-2"))).hasSize(1);
        }
    }

    @Test
    void idsCanBeUsedAgain() throws Exception {
        for (boolean indexed : List.of(true, false)) {
            try (JournalNode node = JournalNode.start(directory.resolve("indexed-" + indexed), indexed)) {
                node.read();
                ActorRef<JournalNode.Write> first = node.entity("session", "1-1");
                JournalNode.join(node.write(first, CONNECTED, CLOSED));
                JournalSweeper sweeper = new JournalSweeper(node.database, node.index, GRACE, RETENTION);
                Instant later = Instant.now().plus(GRACE).plusSeconds(10);
                assertThat(sweeper.sweep(later, 100).moved()).isEqualTo(1);
                assertThat(node.index.contains("session|1-1")).isFalse();

                ActorRef<JournalNode.Write> second = node.entity("session", "1-1");
                assertThat(JournalNode.join(node.write(second, CONNECTED))).containsExactly(CONNECTED);
                assertThat(JournalNode.join(node.write(second, CLOSED))).containsExactly(CONNECTED, CLOSED);
                assertThat(sweeper.sweep(later, 100).moved()).isEqualTo(1);
                assertThat(JournalNode.join(new JournalHistory(node.database, Runnable::run).of("session|1-1")))
                        .extracting(RecordedEvent::sequenceNumber)
                        .containsExactly(1L, 2L, 1L, 2L);
            }
        }
    }

    @Test
    void leavesTheNewUseOfAnIdAlone() throws Exception {
        try (JournalNode node = JournalNode.start(directory)) {
            node.read();
            ActorRef<JournalNode.Write> entity = node.entity("session", "1-1");
            JournalNode.join(node.write(entity, CONNECTED, CLOSED));
            JournalNode.join(node.write(entity, CONNECTED));
            JournalSweeper sweeper = new JournalSweeper(node.database, node.index, GRACE, RETENTION);
            assertThat(sweeper.sweep(Instant.now().plus(GRACE).plusSeconds(10), 100)
                            .moved())
                    .isEqualTo(1);
            ActorRef<JournalNode.Write> again = node.entity("session", "1-1");
            assertThat(JournalNode.join(node.write(again))).containsExactly(CONNECTED);
        }
        try (JournalNode node = JournalNode.start(directory)) {
            assertThat(node.read())
                    .singleElement()
                    .satisfies(
                            entity -> assertThat(entity.highestSequenceNumber()).isEqualTo(3));
        }
    }

    @Test
    void takesNoMoreThanItMayInOneStep() throws Exception {
        try (JournalNode node = JournalNode.start(directory)) {
            node.read();
            for (int i = 1; i <= 5; i++) {
                JournalNode.join(node.write(node.entity("session", "1-" + i), CONNECTED, CLOSED));
            }
            JournalSweeper sweeper = new JournalSweeper(node.database, node.index, GRACE, RETENTION);
            Instant later = Instant.now().plus(GRACE).plusSeconds(100);
            assertThat(sweeper.sweep(later, 2).moved()).isEqualTo(2);
            assertThat(sweeper.sweep(later, 2).moved()).isEqualTo(2);
            assertThat(sweeper.sweep(later, 2).moved()).isEqualTo(1);
            assertThat(sweeper.sweep(later, 2).moved()).isZero();
            assertThat(node.index.size()).isZero();
        }
    }

    private static int count(JournalNode node, String table) throws Exception {
        try (Connection connection = node.database.connection();
                ResultSet rows = connection.createStatement().executeQuery("SELECT COUNT(*) FROM \"" + table + '"')) {
            assertThat(rows.next()).isTrue();
            return rows.getInt(1);
        }
    }
}
