package io.warren.sys;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Tells a TUN device of several queues to choose the queue by the packet's destination alone, so that all packets for
 * one subscriber are read by one thread and keep their order. Without it the kernel chooses by flow. A program of ten
 * instructions in the kernel's own bytecode (bpf(2), TUNSETSTEERINGEBPF).
 */
final class Steering {
    private static final int INSTRUCTION_SIZE = 8;
    private static final int ATTRIBUTES_SIZE = 128;

    // Opcodes of linux/bpf_common.h and linux/bpf.h; registers: 0 result, 1 context at the start, 6 context for LD_ABS
    private static final int MOVE_REGISTER = 0xbf;
    private static final int LOAD_BYTE_OF_PACKET = 0x30;
    private static final int LOAD_WORD_OF_PACKET = 0x20;
    private static final int SHIFT_RIGHT = 0x77;
    private static final int JUMP_IF_NOT_EQUAL = 0x55;
    private static final int JUMP = 0x05;
    private static final int MULTIPLY_32 = 0x24;
    private static final int SHIFT_RIGHT_32 = 0x74;
    private static final int EXIT = 0x95;

    /** opcode, destination and source register, jump offset, constant. */
    private static final int[][] PROGRAM = {
        {MOVE_REGISTER, 0x16, 0, 0},
        {LOAD_BYTE_OF_PACKET, 0, 0, 0},
        {SHIFT_RIGHT, 0, 0, 4},
        {JUMP_IF_NOT_EQUAL, 0, 2, 6},
        // IPv6: the third and fourth group of the destination, which differ between delegated prefixes
        {LOAD_WORD_OF_PACKET, 0, 0, 28},
        {JUMP, 0, 1, 0},
        // IPv4: the destination
        {LOAD_WORD_OF_PACKET, 0, 0, 16},
        // Fibonacci hashing: neighbours go to different queues, and the upper bits are the good ones
        {MULTIPLY_32, 0, 0, 0x9e37_79b1},
        {SHIFT_RIGHT_32, 0, 0, 16},
        {EXIT, 0, 0, 0},
    };

    private Steering() {}

    /** False when the kernel does not allow it. */
    static boolean install(int tun) {
        try (Arena arena = Arena.ofConfined()) {
            int program = load(arena);
            if (program < 0) {
                return false;
            }
            int result = Libc.ioctl(tun, LinuxConstants.TUNSETSTEERINGEBPF, arena.allocateFrom(JAVA_INT, program));
            Libc.close(program);
            return result >= 0;
        }
    }

    private static int load(Arena arena) {
        MemorySegment code = arena.allocate((long) PROGRAM.length * INSTRUCTION_SIZE, 8);
        long at = 0;
        for (int[] instruction : PROGRAM) {
            code.set(JAVA_BYTE, at, (byte) instruction[0]);
            code.set(JAVA_BYTE, at + 1, (byte) instruction[1]);
            code.set(JAVA_SHORT, at + 2, (short) instruction[2]);
            code.set(JAVA_INT, at + 4, instruction[3]);
            at += INSTRUCTION_SIZE;
        }
        // union bpf_attr: prog_type 0, insn_cnt 4, insns 8, license 16
        MemorySegment attributes = arena.allocate(ATTRIBUTES_SIZE, 8);
        attributes.set(JAVA_INT, 0, LinuxConstants.BPF_PROG_TYPE_SOCKET_FILTER);
        attributes.set(JAVA_INT, 4, PROGRAM.length);
        attributes.set(JAVA_LONG, 8, code.address());
        attributes.set(JAVA_LONG, 16, arena.allocateFrom("Apache-2.0").address());
        return Libc.syscall(
                LinuxConstants.SYS_BPF, LinuxConstants.BPF_PROG_LOAD, attributes.address(), ATTRIBUTES_SIZE, 0, 0, 0);
    }
}
