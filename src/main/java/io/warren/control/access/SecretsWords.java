package io.warren.control.access;

import java.util.ArrayList;
import java.util.List;

/** Splits the text of a secrets file into lines of words, as pppd does. Never prints a word: it may be a secret. */
final class SecretsWords {
    private final String text;
    private final Problems problems;
    private final List<Line> lines = new ArrayList<>();
    private List<Word> words = new ArrayList<>();
    private int at;
    private int line = 1;

    private SecretsWords(String text, Problems problems) {
        this.text = text;
        this.problems = problems;
    }

    /** Hears of mistakes. */
    @FunctionalInterface
    interface Problems {
        void add(int line, String what);
    }

    /** @param quoted whether it began with a quote: then a special first character is none */
    record Word(String text, boolean quoted) {
        @Override
        public String toString() {
            return "Word[" + text.length() + "]";
        }
    }

    /** @param number of the line where it begins, from 1 */
    record Line(int number, List<Word> words) {}

    static List<Line> split(String text, Problems problems) {
        SecretsWords reading = new SecretsWords(text, problems);
        reading.read();
        return reading.lines;
    }

    private void read() {
        int began = line;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\n') {
                at++;
                endLine(began);
                line++;
                began = line;
            } else if (c == '#') {
                while (at < text.length() && text.charAt(at) != '\n') {
                    at++;
                }
            } else if (isSpace(c)) {
                at++;
            } else if (c == '\\' && at + 1 < text.length() && text.charAt(at + 1) == '\n') {
                at += 2;
                line++;
            } else {
                words.add(word());
            }
        }
        endLine(began);
    }

    private void endLine(int began) {
        if (!words.isEmpty()) {
            lines.add(new Line(began, words));
            words = new ArrayList<>();
        }
    }

    private Word word() {
        StringBuilder word = new StringBuilder();
        boolean startsQuoted = text.charAt(at) == '"' || text.charAt(at) == '\'';
        char quote = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\\') {
                at++;
                escape(word);
                continue;
            }
            if (quote == 0 && (isSpace(c) || c == '\n' || c == '#')) {
                break;
            }
            if (c == '\n') {
                break;
            }
            at++;
            if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
            } else if (c == quote) {
                quote = 0;
            } else {
                word.append(c);
            }
        }
        if (quote != 0) {
            problems.add(line, "a quote is not closed");
        }
        return new Word(word.toString(), startsQuoted);
    }

    /** What follows a backslash. */
    private void escape(StringBuilder word) {
        if (at == text.length()) {
            problems.add(line, "a backslash at the end of the file");
            return;
        }
        char c = text.charAt(at++);
        switch (c) {
            case 'a' -> word.append('\u0007');
            case 'b' -> word.append('\b');
            case 'f' -> word.append('\f');
            case 'n' -> word.append('\n');
            case 'r' -> word.append('\r');
            case 's' -> word.append(' ');
            case 't' -> word.append('\t');
            case '\n' -> line++;
            case 'x' -> number(word, 16, 2, at);
            case '0', '1', '2', '3', '4', '5', '6', '7' -> number(word, 8, 3, at - 1);
            default -> word.append(c);
        }
    }

    /** An octet written as a number of at most {@code digits} digits. */
    private void number(StringBuilder word, int radix, int digits, int from) {
        int value = 0;
        at = from;
        while (at < text.length() && at < from + digits && Character.digit(text.charAt(at), radix) >= 0) {
            value = value * radix + Character.digit(text.charAt(at++), radix);
        }
        if (at == from || value > 255) {
            problems.add(line, "an escape that is not an octet");
        }
        word.append((char) (value & 0xff));
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\u000b';
    }
}
