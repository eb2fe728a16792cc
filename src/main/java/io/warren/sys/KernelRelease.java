package io.warren.sys;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The kernel's version, for what can not be found out by trying. */
record KernelRelease(int major, int minor) {
    private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+).*");

    static final KernelRelease CURRENT = parse(System.getProperty("os.version", ""));

    /** Zero for what is not a version. */
    static KernelRelease parse(String text) {
        Matcher matcher = NUMBERS.matcher(text);
        return matcher.matches()
                ? new KernelRelease(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)))
                : new KernelRelease(0, 0);
    }

    boolean atLeast(int wantedMajor, int wantedMinor) {
        return major > wantedMajor || (major == wantedMajor && minor >= wantedMinor);
    }
}
