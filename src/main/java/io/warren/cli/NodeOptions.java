package io.warren.cli;

import java.net.URI;
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

    boolean json() {
        return json;
    }
}
