package io.warren.config;

import java.util.List;

/**
 * Which peers something is for. A peer has to fit both parts, where they say something.
 *
 * @param hostName the peer's Host Name AVP, in any case; empty: any
 * @param addresses where it speaks from; empty: anywhere
 */
public record PeerPattern(String hostName, List<AddressPrefix> addresses) {
    /** All peers. */
    public static final PeerPattern ANY = new PeerPattern("", List.of());

    /** What {@link #fit} says of a peer that it is not for. */
    public static final int NO_FIT = -1;

    private static final int NAMED = 256;

    public PeerPattern {
        addresses = List.copyOf(addresses);
    }

    /**
     * How exactly it is about a peer: the more, the better. A name counts more than any address.
     *
     * @param address 4 or 16 octets
     */
    public int fit(String peerHostName, byte[] address) {
        if (!hostName.isEmpty() && !hostName.equalsIgnoreCase(peerHostName)) {
            return NO_FIT;
        }
        int longest = addresses.isEmpty() ? 0 : NO_FIT;
        for (AddressPrefix prefix : addresses) {
            if (prefix.length() > longest && prefix.contains(address)) {
                longest = prefix.length();
            }
        }
        return longest == NO_FIT ? NO_FIT : longest + (hostName.isEmpty() ? 0 : NAMED);
    }
}
