package io.warren.config;

/**
 * A secret from the configuration file. Never printed.
 *
 * @param reveal the secret itself: for the code that needs it, and for nobody's log
 */
public record Secret(String reveal) {
    @Override
    public String toString() {
        return "Secret[hidden]";
    }
}
