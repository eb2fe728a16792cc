package io.warren.bench;

import java.util.Arrays;
import java.util.List;

/** The addresses of the calls that are up. All are of one /16, so that a packet's is found at once. */
final class Subscribers {
    private final int[] addresses;
    private final int[] flows = new int[1 << 16];

    Subscribers(List<Integer> addresses) {
        this.addresses = addresses.stream().mapToInt(Integer::intValue).toArray();
        Arrays.fill(flows, -1);
        for (int flow = 0; flow < this.addresses.length; flow++) {
            int index = this.addresses[flow] & 0xffff;
            if (flows[index] >= 0) {
                throw new BenchFailed(
                        "two calls have addresses that end alike, or the same: flows " + flow + " and " + flows[index]);
            }
            flows[index] = flow;
        }
    }

    int count() {
        return addresses.length;
    }

    int address(int flow) {
        return addresses[flow];
    }

    /** The flow of an address; -1 when nobody has it. */
    int flow(int address) {
        int flow = flows[address & 0xffff];
        return flow >= 0 && addresses[flow] == address ? flow : -1;
    }
}
