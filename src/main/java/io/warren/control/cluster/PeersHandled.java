package io.warren.control.cluster;

import io.warren.control.ingress.PeerPositions;

/** From the owner of tunnels to who stands by for them: how far it has come with what their peers sent. */
public record PeersHandled(PeerPositions.News news) implements ClusterMessage, Board.Command {}
