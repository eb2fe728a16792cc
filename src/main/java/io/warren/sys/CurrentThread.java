package io.warren.sys;

/** The thread that asks, as the kernel's scheduler sees it. */
public final class CurrentThread {
    private static final int NICER = -10;

    private CurrentThread() {}

    /**
     * Asks the scheduler to prefer this thread to the process's others, so that compiler, collector and control plane do
     * not delay packets. Without CAP_SYS_NICE nothing changes.
     */
    public static void prefer() {
        // On Linux a nice value belongs to a thread, not to its process (nice(2), C library/kernel differences).
        int ignored = Libc.nice(NICER);
    }
}
