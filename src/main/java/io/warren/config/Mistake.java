package io.warren.config;

import java.util.Locale;

/**
 * One thing that is wrong in a configuration file.
 *
 * @param file as the user named it, or what stands for it
 * @param line where; 0 when it is not in one place
 * @param key full path of the key; empty when the file cannot be read at all
 * @param wrong what is wrong
 * @param right what would be right; may be empty
 */
public record Mistake(String file, int line, String key, String wrong, String right) {
    @Override
    public String toString() {
        String place = line > 0 ? String.format(Locale.ROOT, "%s:%d: ", file, line) : file + ": ";
        return place + (key.isEmpty() ? "" : key + ": ") + wrong + (right.isEmpty() ? "" : "; " + right);
    }
}
