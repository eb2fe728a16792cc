package io.warren.dataplane;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the kernel itself dropped at a network interface, from {@code /proc/net/dev}. At a TUN device received is what
 * we wrote, and transmitted what waits for us to read it.
 */
public record InterfaceDrops(long received, long transmitted) {
    public static final InterfaceDrops NONE = new InterfaceDrops(0, 0);

    private static final Path COUNTERS = Path.of("/proc/net/dev");

    /** Columns after the name: eight for what is received, eight for what is transmitted. */
    private static final int COLUMNS = 16;

    private static final int RECEIVED_DROPPED = 3;
    private static final int TRANSMITTED_DROPPED = 11;

    /** The counters now; {@link #NONE} when there is no such interface or no such file. */
    public static InterfaceDrops read(String name) {
        try {
            return parse(Files.readAllLines(COUNTERS), name);
        } catch (IOException e) {
            return NONE;
        }
    }

    static InterfaceDrops parse(List<String> lines, String name) {
        for (String line : lines) {
            int colon = line.indexOf(':');
            if (colon >= 0 && line.substring(0, colon).strip().equals(name)) {
                String[] columns = line.substring(colon + 1).strip().split("\\s+", -1);
                return columns.length < COLUMNS
                        ? NONE
                        : new InterfaceDrops(number(columns[RECEIVED_DROPPED]), number(columns[TRANSMITTED_DROPPED]));
            }
        }
        return NONE;
    }

    private static long number(String text) {
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }
}
