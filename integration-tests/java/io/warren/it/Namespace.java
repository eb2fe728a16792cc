package io.warren.it;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/**
 * Opens sockets in a namespace of a {@link Topology} for this process, which is outside of it: a socket belongs to the
 * namespace in which the thread is that opens it, and stays there whoever uses it.
 */
@SuppressWarnings("restricted")
final class Namespace {
    private static final int CLONE_NEWNET = 0x4000_0000;
    private static final int READ_ONLY = 0;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle OPEN = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("open"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOSE = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("close"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle SETNS = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("setns"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private Namespace() {}

    /** What {@code opening} returns, which runs on a thread of its own in the namespace. */
    static <T> T open(Topology topology, String role, Callable<T> opening) {
        CompletableFuture<T> opened = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                enter("/run/netns/" + topology.namespace(role));
                opened.complete(opening.call());
            } catch (Throwable e) {
                opened.completeExceptionally(e);
            }
        });
        return opened.join();
    }

    private static void enter(String path) throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            int descriptor = (int) OPEN.invokeExact(arena.allocateFrom(path), READ_ONLY);
            int outcome = descriptor < 0 ? descriptor : (int) SETNS.invokeExact(descriptor, CLONE_NEWNET);
            if (descriptor >= 0) {
                int _ = (int) CLOSE.invokeExact(descriptor);
            }
            if (outcome < 0) {
                throw new IllegalStateException("cannot enter " + path);
            }
        }
    }
}
