package io.warren.cli;

/** The command cannot do what was asked; its message is for the operator, without a stack trace. Exit status 1. */
public final class CommandFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    public CommandFailed(String message) {
        super(message, null, false, false);
    }
}
