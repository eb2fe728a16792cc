package io.warren.bench;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code warren bench soak}. */
@Command(name = "soak", mixinStandardHelpOptions = true)
final class SoakCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        return 0;
    }
}
