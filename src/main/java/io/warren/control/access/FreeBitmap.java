package io.warren.control.access;

/**
 * Which of {@code size} places are taken, and the next free one in a handful of steps however full it is: each level
 * of bits says which words of the level below are full. Not synchronised.
 */
final class FreeBitmap {
    private final int size;
    private final long[][] levels;
    private int taken;

    FreeBitmap(int size) {
        this.size = size;
        int depth = 1;
        for (int words = words(size); words > 1; words = words(words)) {
            depth++;
        }
        levels = new long[depth][];
        int bits = size;
        for (int level = 0; level < depth; level++) {
            levels[level] = new long[Math.max(1, words(bits))];
            bits = words(bits);
        }
        for (int level = 0, count = size; level < depth; level++, count = words(count)) {
            fillBeyond(levels[level], count);
        }
    }

    int size() {
        return size;
    }

    int taken() {
        return taken;
    }

    boolean isTaken(int place) {
        return (levels[0][place >>> 6] & 1L << place) != 0;
    }

    /** Takes a free place. */
    void take(int place) {
        taken++;
        for (int level = 0, at = place; level < levels.length; level++, at >>>= 6) {
            long[] words = levels[level];
            words[at >>> 6] |= 1L << at;
            if (words[at >>> 6] != -1L) {
                return;
            }
        }
    }

    /** Frees a taken place. */
    void free(int place) {
        taken--;
        for (int level = 0, at = place; level < levels.length; level++, at >>>= 6) {
            long[] words = levels[level];
            boolean wasFull = words[at >>> 6] == -1L;
            words[at >>> 6] &= ~(1L << at);
            if (!wasFull) {
                return;
            }
        }
    }

    /** The first free place from {@code from} on, then from the beginning; -1 when all are taken. */
    int nextFree(int from) {
        if (taken == size) {
            return -1;
        }
        int found = search(from);
        return found >= 0 ? found : search(0);
    }

    /** Climbs until a word has a free bit at or after the place, then goes down along first free bits. */
    private int search(int from) {
        int at = from;
        for (int level = 0; level < levels.length; level++) {
            int word = at >>> 6;
            if (word < levels[level].length) {
                long free = ~levels[level][word] & -1L << at;
                if (free != 0) {
                    return descend(level, word << 6 | Long.numberOfTrailingZeros(free));
                }
            }
            at = word + 1;
        }
        return -1;
    }

    private int descend(int level, int at) {
        int place = at;
        for (int below = level - 1; below >= 0; below--) {
            place = place << 6 | Long.numberOfTrailingZeros(~levels[below][place]);
        }
        return place;
    }

    /** Bits past the end count as taken for ever. */
    private static void fillBeyond(long[] words, int count) {
        for (int bit = count; bit < words.length << 6; bit++) {
            words[bit >>> 6] |= 1L << bit;
        }
    }

    private static int words(int bits) {
        return (bits + 63) >>> 6;
    }
}
