package io.warren.config;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration has mistakes: all of them. The message has one line for each. */
public final class SettingsException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<Mistake> mistakes;

    SettingsException(List<Mistake> mistakes) {
        super(mistakes.stream().map(Mistake::toString).collect(Collectors.joining("\n")));
        this.mistakes = List.copyOf(mistakes);
    }

    public List<Mistake> mistakes() {
        return mistakes;
    }
}
