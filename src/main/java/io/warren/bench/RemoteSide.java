package io.warren.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A {@link Side} in a process of its own, in a namespace, as the conductor sees it. */
final class RemoteSide {
    private static final ObjectMapper JSON =
            new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, true);

    private final Namespaces place;
    private final String role;
    private final Process process;
    private final PrintWriter orders;
    private final BufferedReader answers;

    private RemoteSide(Namespaces place, String role, Process process) {
        this.place = place;
        this.role = role;
        this.process = process;
        this.orders = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
        this.answers = process.inputReader(StandardCharsets.UTF_8);
    }

    static RemoteSide start(Namespaces place, String role, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-Xmx768m",
                "-cp",
                System.getProperty("java.class.path"),
                SideMain.class.getName(),
                role));
        command.addAll(List.of(arguments));
        try {
            Process process = place.builder(role, command)
                    .redirectError(place.log("side-" + role).toFile())
                    .start();
            return new RemoteSide(place, role, place.owning(process));
        } catch (IOException e) {
            throw new BenchFailed("cannot start " + command, e);
        }
    }

    /** Gives an order and waits for its answer, which must be of the given kind. */
    synchronized <A extends Answer> A obey(Order order, Class<A> kind) {
        try {
            orders.println(JSON.writeValueAsString(order));
            String line = answers.readLine();
            if (line == null) {
                throw new BenchFailed("the side " + role + " died: " + place.tail("side-" + role));
            }
            JsonNode tree = JSON.readTree(line);
            if (tree.has("reason")) {
                throw new BenchFailed(
                        "the side " + role + ": " + tree.path("reason").asText());
            }
            return JSON.treeToValue(tree, kind);
        } catch (JsonProcessingException e) {
            throw new BenchFailed("the side " + role + " gave no answer that can be read", e);
        } catch (IOException e) {
            throw new BenchFailed("the side " + role + " does not answer", e);
        }
    }

    void obey(Order order) {
        obey(order, Answer.Done.class);
    }

    double cpuSeconds() {
        return ProcessFigures.cpuSeconds(process.pid());
    }
}
