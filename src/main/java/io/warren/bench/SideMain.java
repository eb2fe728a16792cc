package io.warren.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;

/** The process of one {@link Side}: orders come on standard input, answers go to standard output; it ends with its input. */
public final class SideMain {
    private static final ObjectMapper JSON = new ObjectMapper();

    private SideMain() {}

    /** Arguments: {@code lac CORE}, {@code lns}, or {@code core ADDRESS}. */
    public static void main(String[] arguments) throws IOException {
        try (Side side = side(arguments)) {
            serve(side);
        }
        // Threads of a side that failed must not keep the process.
        System.exit(0);
    }

    private static Side side(String[] arguments) throws IOException {
        return switch (arguments[0]) {
            case "lac" -> new LacSide(InetAddress.getByName(arguments[1]));
            case "lns" -> new LnsSide();
            case "core" -> new CoreSide(InetAddress.getByName(arguments[1]));
            default -> throw new IllegalArgumentException("no side is called " + arguments[0]);
        };
    }

    private static void serve(Side side) throws IOException {
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream answers = System.out;
        for (String line = orders.readLine(); line != null; line = orders.readLine()) {
            answers.println(JSON.writeValueAsString(answer(side, line)));
            answers.flush();
        }
    }

    private static Answer answer(Side side, String line) {
        try {
            return side.obey(JSON.readValue(line, Order.class));
        } catch (IOException | RuntimeException e) {
            return new Answer.Failed(e.toString());
        }
    }
}
