package io.warren.bench;

/**
 * Traffic at one rate for a while, in one direction.
 *
 * @param wanted packets per second that were asked for
 * @param sent, received packets
 * @param seconds that the sender sent
 * @param lnsCpuSeconds that the LNS worked for it
 * @param generatorCpuSeconds that sender and receiver did
 * @param medianMicros, p99Micros from sender to receiver
 */
record Trial(
        double wanted,
        long sent,
        long received,
        double seconds,
        double lnsCpuSeconds,
        double generatorCpuSeconds,
        Anomalies anomalies,
        double medianMicros,
        double p99Micros) {
    /** As much may be lost at a rate that counts as loss-free: 0.1 %. */
    static final double MOST_LOSS = 0.001;

    /** Part of what was sent that did not come. */
    double loss() {
        return sent == 0 ? 1 : Math.max(0, (double) (sent - received) / sent);
    }

    boolean lossFree() {
        return sent > 0 && loss() <= MOST_LOSS;
    }

    /** Packets per second that came. */
    double rate() {
        return received / seconds;
    }

    double packetsPerCpuSecond() {
        return received / Math.max(lnsCpuSeconds, 0.01);
    }

    /** Whether less was sent than was asked for: then the rate says nothing about the LNS alone. */
    boolean generatorLimited() {
        return sent / seconds < 0.97 * wanted;
    }
}
