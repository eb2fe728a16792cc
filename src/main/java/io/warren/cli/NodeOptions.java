package io.warren.cli;

import java.io.PrintWriter;
import java.net.URI;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** Options of every command that talks to a node. */
final class NodeOptions {
    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "${env:WARREN_URL:-http://127.0.0.1:8558}",
            description = "Management address of the node (default: $$WARREN_URL or http://127.0.0.1:8558).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private URI url;

    @Option(names = "--json", description = "Print JSON, for scripts.")
    private boolean json;

    NodeClient client() {
        return new NodeClient(url);
    }

    URI url() {
        return url;
    }

    /** Prints an answer as the user wants it: as JSON, or else as {@code text} does. */
    void print(PrintWriter out, Object answer, Consumer<PrintWriter> text) {
        if (json) {
            out.println(NodeClient.json(answer));
        } else {
            text.accept(out);
        }
        out.flush();
    }
}
