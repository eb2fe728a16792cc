package io.warren.cli;

import picocli.CommandLine;

/** What an operator names: {@code 17} is a tunnel, {@code 17-4} a call in it. */
final class Target {
    private static final String NUMBER = "[1-9][0-9]{0,4}";

    private Target() {}

    static String session(CommandLine commandLine, String id) {
        if (!id.matches(NUMBER + "-" + NUMBER)) {
            throw new CommandLine.ParameterException(
                    commandLine, "'" + id + "' is not a call; write tunnel-session, as in 17-4.");
        }
        return id;
    }

    static String path(CommandLine commandLine, String id) {
        return id.matches(NUMBER) ? "/l2tp/tunnels/" + id : "/l2tp/sessions/" + session(commandLine, id);
    }
}
