package io.warren.journal;

import akka.actor.typed.ActorRef;
import io.warren.control.session.SessionEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Programs that tests start in a JVM of their own, to kill it. */
final class ChildJvm {
    private ChildJvm() {}

    static Process start(Class<?> program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Opens the journal and keeps it. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) throws Exception {
            H2Database database = JournalDatabase.open(Path.of(arguments[0]));
            System.out.println("open");
            Thread.sleep(60_000);
            database.close();
        }
    }

    /** Writes events with many entities and prints the id and number of events of each that was acknowledged. */
    static final class Writer {
        private static final int ENTITIES = 40;

        private Writer() {}

        public static void main(String[] arguments) {
            JournalNode node = JournalNode.start(Path.of(arguments[0]));
            node.read();
            for (int i = 1; i <= ENTITIES; i++) {
                String id = "1-" + i;
                writeOn(node, node.entity("session", id), id, EventSamples.connected(i));
            }
        }

        private static void writeOn(
                JournalNode node, ActorRef<JournalNode.Write> entity, String id, SessionEvent event) {
            node.write(entity, event).whenComplete((events, failure) -> {
                if (failure != null) {
                    System.out.println("failed " + failure);
                    return;
                }
                synchronized (System.out) {
                    System.out.println("session|" + id + " " + events.size());
                    System.out.flush();
                }
                writeOn(node, entity, id, event);
            });
        }
    }
}
