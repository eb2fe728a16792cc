package io.warren.journal;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorRef;
import io.warren.control.session.SessionEvent;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalRoundTripTest {
    private static final SessionEvent CONNECTED = EventSamples.connected(1);
    private static final SessionEvent UP = EventSamples.networkUp();
    private static final SessionEvent CLOSED = EventSamples.closed();

    @TempDir
    Path directory;

    @Test
    void whatAnEntityWroteIsReadInBulkAndByTheEntityItself() throws Exception {
        try (JournalNode node = JournalNode.start(directory)) {
            assertThat(node.read()).isEmpty();
            ActorRef<JournalNode.Write> entity = node.entity("session", "1-1");
            JournalNode.join(node.write(entity, CONNECTED));
            JournalNode.join(node.write(entity, UP));
            JournalNode.join(node.write(node.entity("session", "1-2"), CONNECTED));
        }
        try (JournalNode node = JournalNode.start(directory)) {
            List<StoredEntity> entities = node.read();
            assertThat(entities).extracting(StoredEntity::persistenceId).containsExactly("session|1-1", "session|1-2");
            assertThat(entities.get(0).events()).containsExactly((Record) CONNECTED, (Record) UP);
            assertThat(entities.get(0).highestSequenceNumber()).isEqualTo(2);
            ActorRef<JournalNode.Write> entity = node.entity("session", "1-1");
            assertThat(JournalNode.join(node.write(entity, CLOSED))).containsExactly(CONNECTED, UP, CLOSED);
            ActorRef<JournalNode.Write> other = node.entity("session", "1-3");
            assertThat(JournalNode.join(node.write(other, CONNECTED))).containsExactly(CONNECTED);
            assertThat(node.index.contains("session|1-3")).isTrue();
            assertThat(node.index.contains("session|1-4")).isFalse();
        }
        try (JournalNode node = JournalNode.start(directory, false);
                ExecutorService executor = Executors.newSingleThreadExecutor()) {
            ActorRef<JournalNode.Write> entity = node.entity("session", "1-1");
            assertThat(JournalNode.join(node.write(entity))).containsExactly(CONNECTED, UP, CLOSED);
            JournalHistory history = new JournalHistory(node.database, executor);
            assertThat(JournalNode.join(history.of("session|1-1")))
                    .extracting(RecordedEvent::event)
                    .containsExactly((Record) CONNECTED, (Record) UP, (Record) CLOSED);
            assertThat(JournalNode.join(history.of("session|9-9"))).isEmpty();
        }
    }
}
