package io.warren.management;

import io.warren.control.port.SessionKey;
import java.util.Optional;

/** The ids of tunnels and calls as they stand in a path: {@code 17} and {@code 17-4}. */
final class Ids {
    private Ids() {}

    static Optional<Integer> tunnel(String text) {
        return number(text);
    }

    static Optional<SessionKey> session(String text) {
        int hyphen = text.indexOf('-');
        if (hyphen < 0) {
            return Optional.empty();
        }
        return number(text.substring(0, hyphen))
                .flatMap(tunnel -> number(text.substring(hyphen + 1)).map(session -> new SessionKey(tunnel, session)));
    }

    /** 1 to 65,535. */
    static Optional<Integer> number(String text) {
        if (!text.matches("[1-9][0-9]{0,4}")) {
            return Optional.empty();
        }
        return Optional.of(Integer.parseInt(text)).filter(number -> number <= 65_535);
    }
}
