package io.warren.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that select calls. */
final class Filter {
    @Option(names = "--user", paramLabel = "USER", description = "Only calls of this user.")
    private @Nullable String user;

    @Option(names = "--peer", paramLabel = "PEER", description = "Only from this peer: its address or host name.")
    private @Nullable String peer;

    @Option(names = "--address", paramLabel = "IP", description = "Only the subscriber with this address.")
    private @Nullable String address;

    boolean isEmpty() {
        return parameters().isEmpty();
    }

    Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        put(parameters, "user", user);
        put(parameters, "peer", peer);
        put(parameters, "address", address);
        return parameters;
    }

    private static void put(Map<String, String> parameters, String name, @Nullable String value) {
        if (value != null) {
            parameters.put(name, value);
        }
    }
}
