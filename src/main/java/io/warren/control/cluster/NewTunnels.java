package io.warren.control.cluster;

import io.warren.control.ingress.TunnelNotice;
import java.util.List;

/** Tunnels that have just begun on the node that says so. */
public record NewTunnels(List<TunnelNotice> tunnels) implements ClusterMessage, Board.Command {}
