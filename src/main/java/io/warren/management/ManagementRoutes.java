package io.warren.management;

import akka.actor.ExtendedActorSystem;
import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.Route;
import akka.management.javadsl.ManagementRouteProvider;
import akka.management.javadsl.ManagementRouteProviderSettings;

/**
 * Our part of the management port: {@code /l2tp/…} and {@code /metrics}. Created by Akka Management by its class name
 * ({@code management.conf}).
 */
public final class ManagementRoutes extends AllDirectives implements ManagementRouteProvider {
    private final ManagedNode node;

    public ManagementRoutes(ExtendedActorSystem system) {
        this.node = ManagedNode.of(system);
    }

    @Override
    public Route routes(ManagementRouteProviderSettings settings) {
        return concat(
                pathPrefix("l2tp", () -> new L2tpRoutes(node).sealed()),
                path("metrics", () -> get(() -> extractRequest(request -> complete(Answers.metrics(node))))));
    }
}
