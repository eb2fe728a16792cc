package io.warren.app;

/** The composition root: the only class that sees everything. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(2);
    }
}
