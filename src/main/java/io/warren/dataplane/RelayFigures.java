package io.warren.dataplane;

import io.warren.control.port.Endpoint;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Packets that went from and to another node since it became known.
 *
 * @param heard whether it was heard of lately; else it is silent
 * @param in packets from it, by kind: {@code up} from peers, {@code down} to subscribers, {@code send} for us to send to
 *     a peer, {@code alive} signs of life
 * @param out packets to it, by the same kinds
 */
public record RelayFigures(Endpoint node, boolean heard, Map<String, Long> in, Map<String, Long> out) {
    public RelayFigures {
        in = Collections.unmodifiableMap(new LinkedHashMap<>(in));
        out = Collections.unmodifiableMap(new LinkedHashMap<>(out));
    }
}
