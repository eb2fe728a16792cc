package io.warren.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How big a Java process is at a time.
 *
 * @param heapMb all objects that are alive, counted one by one after a full collection
 * @param nativeMb committed outside the heap and without compiled code, by the JVM's native memory tracking, which must
 *     be on
 * @param codeMb compiled code, of which the JVM keeps a bounded amount and makes more for hours
 * @param files open file descriptors
 */
record JvmSample(double seconds, double residentMb, double heapMb, double nativeMb, double codeMb, double files) {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern ALL_OBJECTS = Pattern.compile("Total +\\d+ +(\\d+)");

    /** What the collector puts into gaps: no object of the program's. */
    private static final Pattern FILLER = Pattern.compile("(\\d+) +\\S*FillerElement");

    private static final Pattern TOTAL = Pattern.compile("Total: reserved=\\d+KB, committed=(\\d+)KB");
    private static final Pattern HEAP = Pattern.compile("Java Heap \\(reserved=\\d+KB, committed=(\\d+)KB\\)");
    private static final Pattern CODE = Pattern.compile("Code \\(reserved=\\d+KB, committed=(\\d+)KB\\)");

    /** Takes one. */
    static JvmSample of(long pid, double seconds) {
        String objects = ask(pid, "GC.class_histogram");
        Matcher filler = FILLER.matcher(objects);
        double heap = number(ALL_OBJECTS, objects) - (filler.find() ? Double.parseDouble(filler.group(1)) : 0);
        String memory = ask(pid, "VM.native_memory", "summary");
        double code = number(CODE, memory);
        return new JvmSample(
                seconds,
                ProcessFigures.resident(pid) / 1_048_576.0,
                heap / 1_048_576,
                (number(TOTAL, memory) - number(HEAP, memory) - code) / 1_024,
                code / 1_024,
                ProcessFigures.descriptors(pid));
    }

    private static String ask(long pid, String... question) {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        List<String> command = new java.util.ArrayList<>(List.of(jcmd.toString(), Long.toString(pid)));
        command.addAll(List.of(question));
        Program.Result result = Program.attempt(PATIENCE, command);
        if (result.status() != 0) {
            throw new BenchFailed("jcmd (it comes with a JDK) ended with " + result.status() + ": " + result.output());
        }
        return result.output();
    }

    private static double number(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new BenchFailed("jcmd says nothing like " + pattern + ": " + text);
        }
        return Double.parseDouble(matcher.group(1));
    }
}
