package io.warren.management.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call.
 *
 * @param id {@code tunnel-session}
 * @param peerSessionId the peer's Session ID, 0 while unknown
 * @param state where it is, for people
 * @param user null until it is authenticated
 * @param address the subscriber's, null until IP is up
 * @param peer the address and port of the tunnel's other end
 * @param peerHost its Host Name AVP
 * @param since when the call began
 * @param mru largest packet that the subscriber takes, in octets; 0 while unknown
 * @param limits null without any
 * @param networks IPv6 prefixes and routes of the subscriber's, such as {@code 10.9.0.0/24}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SessionView(
        String id,
        int tunnelId,
        int sessionId,
        int peerSessionId,
        String state,
        @Nullable String user,
        @Nullable String address,
        String peer,
        @Nullable String peerHost,
        @Nullable String callingNumber,
        @Nullable String calledNumber,
        String since,
        int mru,
        @Nullable LimitsView limits,
        TrafficView traffic,
        List<String> networks) {
    public SessionView {
        networks = networks == null ? List.of() : List.copyOf(networks); // a node of another version says none
    }
}
