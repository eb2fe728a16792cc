package io.warren.control.port;

/** Whether events can be written now, as far as is known. Asked before every decision: must cost nothing. */
@FunctionalInterface
public interface Availability {
    /** Of a journal that is expected to be there always. */
    Availability ALWAYS = () -> true;

    boolean writable();
}
