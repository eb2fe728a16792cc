package io.warren.config;

import com.typesafe.config.Config;

/**
 * What was read.
 *
 * @param settings the section {@code warren}, checked
 * @param file the whole file over the embedded defaults, resolved: its section {@code akka} configures the libraries
 */
public record Configuration(Settings settings, Config file) {
    @Override
    public String toString() {
        return "Configuration[" + settings + "]";
    }
}
