package io.warren.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What no single value shows: values that contradict each other, files that are not there. */
final class CrossChecks {
    private CrossChecks() {}

    static void check(Settings settings, Reading reading) {
        secret(settings, reading);
        timers(settings, reading);
        listen(settings, reading);
        pools(settings, reading);
        authentication(settings, reading);
        usersFile(settings.usersFile(), reading);
        dataDir(settings.dataDir(), reading);
    }

    private static void secret(Settings settings, Reading reading) {
        if (settings.hideAvps() && settings.tunnelSecret() == null) {
            reading.mistake("hide-avps", "hiding needs a secret", "set warren.tunnel-secret, or write off");
        }
    }

    private static void timers(Settings settings, Reading reading) {
        if (settings.retransmit().initial().compareTo(settings.retransmit().cap()) > 0) {
            reading.mistake(
                    "retransmit.initial", "it is longer than warren.retransmit.cap", "write no more than the cap");
        }
        if (settings.ppp().firstRestartTimer().compareTo(settings.ppp().restartTimer()) > 0) {
            reading.mistake(
                    "ppp.first-restart-timer",
                    "it is longer than warren.ppp.restart-timer",
                    "write no more than the restart timer");
        }
    }

    private static void listen(Settings settings, Reading reading) {
        Set<HostPort> seen = new HashSet<>();
        for (HostPort place : settings.listen()) {
            if (place.port() != 0 && !seen.add(place)) {
                reading.mistake("listen", place + " stands in it twice", "write it once");
            }
        }
    }

    private static void authentication(Settings settings, Reading reading) {
        List<Settings.Authentication> methods = settings.ppp().authentication();
        if (Set.copyOf(methods).size() < methods.size()) {
            reading.mistake("ppp.authentication", "a method stands in it twice", "write each once, best first");
        }
    }

    private record Range(String pool, Cidr cidr) {}

    private static void pools(Settings settings, Reading reading) {
        List<Range> earlier = new ArrayList<>();
        settings.pools().forEach((name, ranges) -> {
            for (Cidr cidr : ranges) {
                for (Range range : earlier) {
                    if (range.cidr.overlaps(cidr)) {
                        reading.mistake(
                                Reading.poolKey(name),
                                cidr + " overlaps " + range.cidr + " of warren." + Reading.poolKey(range.pool),
                                "an address may be in one range only");
                    }
                }
                earlier.add(new Range(name, cidr));
            }
        });
    }

    private static void usersFile(Path file, Reading reading) {
        String right = "write the path of a file in the format of chap-secrets";
        if (!Files.exists(file)) {
            reading.mistake("users-file", "there is no file " + file, right);
        } else if (!Files.isRegularFile(file)) {
            reading.mistake("users-file", file + " is not a file", right);
        } else if (!Files.isReadable(file)) {
            reading.mistake("users-file", file + " may not be read", "let the node's user read it");
        }
    }

    private static void dataDir(Path directory, Reading reading) {
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            reading.mistake("data-dir", directory + " is not a directory", "write the path of a directory");
            return;
        }
        Path existing = directory;
        while (existing.getParent() != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (!Files.isWritable(existing)) {
            reading.mistake("data-dir", existing + " may not be written", "let the node's user write there");
        }
    }
}
