package io.warren.management.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A tunnel.
 *
 * @param id our Tunnel ID
 * @param peerTunnelId the peer's, 0 while unknown
 * @param peer its address and port
 * @param peerHost its Host Name AVP
 * @param peerVendor its Vendor Name AVP
 * @param local our address and port, as the peer speaks to it
 * @param state in the RFC's words
 * @param since when it began
 * @param sessions calls in it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TunnelView(
        int id,
        int peerTunnelId,
        String peer,
        @Nullable String peerHost,
        @Nullable String peerVendor,
        String local,
        String state,
        String since,
        int sessions) {}
