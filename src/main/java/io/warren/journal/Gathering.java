package io.warren.journal;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Reads for many entities in one SELECT: those that ask while one is under way are in the next one. Nothing is kept, so
 * each answer is of a time after its question, whoever else writes. Safe for use by many threads.
 *
 * @param <A> what is read for one entity
 */
final class Gathering<A> implements AutoCloseable {
    /** Entities in one SELECT. */
    private static final int TOGETHER = 200;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final List<Asked<A>> waiting = new ArrayList<>();
    private final Connections connections;
    private final Question<A> question;
    private boolean closed;

    /** The SELECT: an answer for every entity about which there is something to say. */
    @FunctionalInterface
    interface Question<A> {
        Map<String, A> ask(Connection connection, String[] persistenceIds) throws SQLException;
    }

    private record Asked<A>(String persistenceId, CompletableFuture<Optional<A>> answer) {}

    Gathering(String name, Connections connections, int parallel, Question<A> question) {
        this.connections = connections;
        this.question = question;
        for (int i = 0; i < parallel; i++) {
            Thread.ofPlatform().daemon().name(name + "-" + i).start(this::run);
        }
    }

    /** Completed by the reading thread; fails with {@link SQLException}, at once when the server is known to be gone. */
    CompletionStage<Optional<A>> about(String persistenceId) {
        CompletableFuture<Optional<A>> answer = new CompletableFuture<>();
        lock.lock();
        try {
            if (closed) {
                answer.completeExceptionally(new SQLException("the journal is closed"));
            } else {
                waiting.add(new Asked<>(persistenceId, answer));
                work.signal();
            }
        } finally {
            lock.unlock();
        }
        return answer;
    }

    private void run() {
        for (List<Asked<A>> batch = take(); !batch.isEmpty(); batch = take()) {
            answer(batch);
        }
    }

    private List<Asked<A>> take() {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closed) {
                work.awaitUninterruptibly();
            }
            List<Asked<A>> first = waiting.subList(0, Math.min(TOGETHER, waiting.size()));
            List<Asked<A>> batch = List.copyOf(first);
            first.clear();
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private void answer(List<Asked<A>> batch) {
        String[] persistenceIds =
                batch.stream().map(Asked::persistenceId).distinct().toArray(String[]::new);
        Map<String, A> answers;
        try {
            answers = connections.with(connection -> question.ask(connection, persistenceIds));
        } catch (SQLException | RuntimeException e) {
            batch.forEach(asked -> asked.answer().completeExceptionally(e));
            return;
        }
        for (Asked<A> asked : batch) {
            asked.answer().complete(Optional.ofNullable(answers.get(asked.persistenceId())));
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            work.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
