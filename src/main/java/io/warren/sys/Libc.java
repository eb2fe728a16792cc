package io.warren.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The C library calls that we use, and the only class that calls {@link Linker}. A call returns what C returns, or
 * the negated errno when it failed, as the kernel itself does. Calls made per packet take addresses as plain longs, so
 * that nothing is allocated; their callers vouch for the memory behind them.
 */
final class Libc {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final long ERRNO_OFFSET =
            Linker.Option.captureStateLayout().byteOffset(MemoryLayout.PathElement.groupElement("errno"));

    /** One errno slot per thread: it is read right after the call that wrote it. */
    private static final ThreadLocal<MemorySegment> CALL_STATE =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(Linker.Option.captureStateLayout()));

    private static final ValueLayout.OfInt INT = JAVA_INT;
    private static final ValueLayout.OfLong SIZE = JAVA_LONG;
    private static final ValueLayout.OfLong POINTER = JAVA_LONG;

    private static final MethodHandle OPEN =
            bind("open", FunctionDescriptor.of(INT, ADDRESS, INT, INT), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOSE = bind("close", FunctionDescriptor.of(INT, INT));
    private static final MethodHandle IOCTL =
            bind("ioctl", FunctionDescriptor.of(INT, INT, JAVA_LONG, ADDRESS), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle SOCKET = bind("socket", FunctionDescriptor.of(INT, INT, INT, INT));
    private static final MethodHandle BIND = bind("bind", FunctionDescriptor.of(INT, INT, ADDRESS, INT));
    private static final MethodHandle CONNECT = bind("connect", FunctionDescriptor.of(INT, INT, ADDRESS, INT));
    private static final MethodHandle GETSOCKNAME =
            bind("getsockname", FunctionDescriptor.of(INT, INT, ADDRESS, ADDRESS));
    private static final MethodHandle SETSOCKOPT =
            bind("setsockopt", FunctionDescriptor.of(INT, INT, INT, INT, ADDRESS, INT));
    private static final MethodHandle GETSOCKOPT =
            bind("getsockopt", FunctionDescriptor.of(INT, INT, INT, INT, ADDRESS, ADDRESS));
    private static final MethodHandle RECVMMSG =
            bind("recvmmsg", FunctionDescriptor.of(INT, INT, POINTER, INT, INT, POINTER));
    private static final MethodHandle SENDMMSG = bind("sendmmsg", FunctionDescriptor.of(INT, INT, POINTER, INT, INT));
    private static final MethodHandle READ = bind("read", FunctionDescriptor.of(JAVA_LONG, INT, POINTER, SIZE));
    private static final MethodHandle WRITE = bind("write", FunctionDescriptor.of(JAVA_LONG, INT, POINTER, SIZE));
    private static final MethodHandle WRITEV = bind("writev", FunctionDescriptor.of(JAVA_LONG, INT, POINTER, INT));
    private static final MethodHandle MMAP =
            bind("mmap", FunctionDescriptor.of(POINTER, POINTER, SIZE, INT, INT, INT, JAVA_LONG));
    private static final MethodHandle MUNMAP = bind("munmap", FunctionDescriptor.of(INT, POINTER, SIZE));
    private static final MethodHandle SYSCALL = bind(
            "syscall",
            FunctionDescriptor.of(
                    JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.firstVariadicArg(1));
    private static final MethodHandle NICE = bind("nice", FunctionDescriptor.of(INT, INT));
    private static final MethodHandle SETPRIORITY = bind("setpriority", FunctionDescriptor.of(INT, INT, INT, INT));
    private static final MethodHandle POLL = bind("poll", FunctionDescriptor.of(INT, POINTER, JAVA_LONG, INT));

    private Libc() {}

    static int open(MemorySegment path, int flags) {
        MemorySegment state = CALL_STATE.get();
        try {
            return outcome(state, (int) OPEN.invokeExact(state, path, flags, 0));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int close(int fd) {
        MemorySegment state = CALL_STATE.get();
        try {
            return outcome(state, (int) CLOSE.invokeExact(state, fd));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int ioctl(int fd, long request, MemorySegment argument) {
        MemorySegment state = CALL_STATE.get();
        try {
            return outcome(state, (int) IOCTL.invokeExact(state, fd, request, argument));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int socket(int domain, int type, int protocol) {
        MemorySegment state = CALL_STATE.get();
        try {
            return outcome(state, (int) SOCKET.invokeExact(state, domain, type, protocol));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int bind(int fd, MemorySegment address, int length) {
        MemorySegment state = CALL_STATE.get();
        try {
            return outcome(state, (int) BIND.invokeExact(state, fd, address, length));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int connect(int fd, MemorySegment address, int length) {
        MemorySegment state = CALL_STATE.get();
        try {
            return outcome(state, (int) CONNECT.invokeExact(state, fd, address, length));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int getsockname(int fd, MemorySegment address, MemorySegment length) {
        MemorySegment state = CALL_STATE.get();
        try {
            return outcome(state, (int) GETSOCKNAME.invokeExact(state, fd, address, length));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int setsockopt(int fd, int level, int name, MemorySegment value, int length) {
        MemorySegment state = CALL_STATE.get();
        try {
            return outcome(state, (int) SETSOCKOPT.invokeExact(state, fd, level, name, value, length));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int getsockopt(int fd, int level, int name, MemorySegment value, MemorySegment length) {
        MemorySegment state = CALL_STATE.get();
        try {
            return outcome(state, (int) GETSOCKOPT.invokeExact(state, fd, level, name, value, length));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int recvmmsg(int fd, long headers, int count, int flags) {
        MemorySegment state = CALL_STATE.get();
        try {
            return outcome(state, (int) RECVMMSG.invokeExact(state, fd, headers, count, flags, 0L));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int sendmmsg(int fd, long headers, int count, int flags) {
        MemorySegment state = CALL_STATE.get();
        try {
            return outcome(state, (int) SENDMMSG.invokeExact(state, fd, headers, count, flags));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int read(int fd, long buffer, long size) {
        MemorySegment state = CALL_STATE.get();
        try {
            return outcome(state, (int) (long) READ.invokeExact(state, fd, buffer, size));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int write(int fd, long buffer, long size) {
        MemorySegment state = CALL_STATE.get();
        try {
            return outcome(state, (int) (long) WRITE.invokeExact(state, fd, buffer, size));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int writev(int fd, long vectors, int count) {
        MemorySegment state = CALL_STATE.get();
        try {
            return outcome(state, (int) (long) WRITEV.invokeExact(state, fd, vectors, count));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** The address, or the negated errno: the kernel puts no mapping into the topmost page. */
    static long mmap(long size, int protection, int flags, int fd, long offset) {
        MemorySegment state = CALL_STATE.get();
        try {
            long address = (long) MMAP.invokeExact(state, 0L, size, protection, flags, fd, offset);
            return address == -1 ? -state.get(INT, ERRNO_OFFSET) : address;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int munmap(long address, long size) {
        MemorySegment state = CALL_STATE.get();
        try {
            return outcome(state, (int) MUNMAP.invokeExact(state, address, size));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** A system call that the C library has no function for. */
    static int syscall(int number, long first, long second, long third, long fourth, long fifth, long sixth) {
        MemorySegment state = CALL_STATE.get();
        try {
            return outcome(state, (int)
                    (long) SYSCALL.invokeExact(state, (long) number, first, second, third, fourth, fifth, sixth));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** The result may be negative without being an error. */
    static int nice(int increment) {
        MemorySegment state = CALL_STATE.get();
        try {
            return (int) NICE.invokeExact(state, increment);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Of one thread, by the id that the kernel gave it. */
    static int setPriority(int thread, int nice) {
        MemorySegment state = CALL_STATE.get();
        try {
            return outcome(state, (int) SETPRIORITY.invokeExact(state, 0, thread, nice));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int poll(long descriptors, int count, int millis) {
        MemorySegment state = CALL_STATE.get();
        try {
            return outcome(state, (int) POLL.invokeExact(state, descriptors, (long) count, millis));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static int outcome(MemorySegment state, int result) {
        return result >= 0 ? result : -state.get(INT, ERRNO_OFFSET);
    }

    private static AssertionError unexpected(Throwable e) {
        return new AssertionError("a call of the C library does not throw", e);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle bind(String name, FunctionDescriptor descriptor, Linker.Option... more) {
        MemorySegment symbol = LINKER.defaultLookup()
                .find(name)
                .orElseThrow(() -> new IllegalStateException("the C library has no " + name + "(): Linux is needed"));
        Linker.Option[] options = new Linker.Option[more.length + 1];
        options[0] = ERRNO;
        System.arraycopy(more, 0, options, 1, more.length);
        try {
            return LINKER.downcallHandle(symbol, descriptor, options);
        } catch (IllegalCallerException e) {
            throw new IllegalStateException(
                    "native access is denied: start java with --enable-native-access=ALL-UNNAMED", e);
        }
    }
}
