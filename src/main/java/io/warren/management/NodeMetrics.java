package io.warren.management;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.warren.management.api.ForwardingView;
import io.warren.management.api.NodeView;
import io.warren.management.api.TrafficView;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * The node's numbers for Prometheus. They are read from {@link NodeQueries} when somebody looks; nothing is counted
 * twice. The composition root may register more in {@link #registry}.
 */
public final class NodeMetrics implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final NodeQueries queries;
    private final JvmGcMetrics garbageCollection = new JvmGcMetrics();

    public NodeMetrics(NodeQueries queries) {
        this.queries = queries;
        garbageCollection.bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        gauge("warren.tunnels", "Tunnels", NodeView::tunnels);
        gauge("warren.sessions", "Calls", NodeView::sessions);
        gauge("warren.ready", "1 when the node takes calls", node -> node.ready() ? 1 : 0);
        gauge(
                "warren.journal.answering",
                "1 when the journal answers",
                node -> node.journal().answering() ? 1 : 0);
        counter(
                "warren.journal.events",
                "Events written",
                node -> node.journal().events());
        counter(
                "warren.journal.failures",
                "Writes that failed",
                node -> node.journal().failures());
        traffic("warren.packets", "IP packets forwarded", TrafficView::upPackets, TrafficView::downPackets);
        traffic("warren.octets", "Octets of IP packets forwarded", TrafficView::upOctets, TrafficView::downOctets);
        Gauge.builder("warren.forwarding.entries", queries, q -> q.forwarding().entries())
                .description("Calls that are forwarded")
                .register(registry);
    }

    public PrometheusMeterRegistry registry() {
        return registry;
    }

    /** The text that Prometheus reads. */
    String scrape() {
        for (String reason : queries.forwarding().dropsByReason().keySet()) {
            byReason(
                    "warren.drops",
                    "Packets dropped",
                    reason,
                    q -> q.forwarding().dropsByReason());
        }
        for (String reason : queries.node().refusals().keySet()) {
            byReason(
                    "warren.refusals",
                    "Tunnels and calls refused",
                    reason,
                    q -> q.node().refusals());
        }
        return registry.scrape();
    }

    /** Registering again what is registered already changes nothing. */
    private void byReason(
            String name, String description, String reason, Function<NodeQueries, Map<String, Long>> counts) {
        FunctionCounter.builder(name, queries, q -> counts.apply(q).getOrDefault(reason, 0L))
                .description(description)
                .tag("reason", reason)
                .register(registry);
    }

    private void gauge(String name, String description, ToDoubleFunction<NodeView> value) {
        Gauge.builder(name, queries, q -> value.applyAsDouble(q.node()))
                .description(description)
                .register(registry);
    }

    private void counter(String name, String description, ToDoubleFunction<NodeView> value) {
        FunctionCounter.builder(name, queries, q -> value.applyAsDouble(q.node()))
                .description(description)
                .register(registry);
    }

    private void traffic(
            String name, String description, ToDoubleFunction<TrafficView> up, ToDoubleFunction<TrafficView> down) {
        direction(name, description, "up", up);
        direction(name, description, "down", down);
    }

    private void direction(String name, String description, String direction, ToDoubleFunction<TrafficView> value) {
        ToDoubleFunction<NodeQueries> now = q -> {
            ForwardingView forwarding = q.forwarding();
            return value.applyAsDouble(forwarding.traffic());
        };
        FunctionCounter.builder(name, queries, now)
                .description(description)
                .tag("direction", direction)
                .register(registry);
    }

    @Override
    public void close() {
        garbageCollection.close();
        registry.close();
    }
}
