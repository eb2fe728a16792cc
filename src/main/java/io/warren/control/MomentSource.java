package io.warren.control;

/** Gives entities the time and chance that their deciders take as an argument. */
@FunctionalInterface
public interface MomentSource {
    Moment now();
}
