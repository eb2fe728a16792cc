package io.warren.control.login;

import io.warren.control.port.SessionKey;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * What a desk knows of one user's calls and no node may know yet; both by the call's id.
 *
 * @param admitted let in, perhaps not told yet
 * @param replaced to be ended, perhaps not told yet
 */
record Remembered(PMap<String, SessionKey> admitted, PMap<String, SessionKey> replaced) {
    static final Remembered NOTHING = new Remembered(HashTreePMap.empty(), HashTreePMap.empty());

    boolean isNothing() {
        return admitted.isEmpty() && replaced.isEmpty();
    }
}
