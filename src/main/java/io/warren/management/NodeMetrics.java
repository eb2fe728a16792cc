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
import io.warren.management.api.DropView;
import io.warren.management.api.ForwardingView;
import io.warren.management.api.NodeView;
import io.warren.management.api.OffloadsView;
import io.warren.management.api.RelayView;
import io.warren.management.api.TrafficView;
import io.warren.management.api.WorkerView;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * The node's numbers for Prometheus. They are read from {@link NodeQueries}, once for each look; nothing is counted
 * twice. The composition root may register more in {@link #registry}.
 */
public final class NodeMetrics implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final NodeQueries queries;
    private final JvmGcMetrics garbageCollection = new JvmGcMetrics();
    private volatile NodeView node;
    private volatile ForwardingView forwarding;

    public NodeMetrics(NodeQueries queries) {
        this.queries = queries;
        this.node = queries.node();
        this.forwarding = queries.forwarding();
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
        Gauge.builder("warren.forwarding.entries", this, m -> m.forwarding.entries())
                .description("Calls that are forwarded")
                .register(registry);
        FunctionCounter.builder("warren.routes.contested", this, m -> m.forwarding.contestedRoutes())
                .description("Calls that came with a route that another call had")
                .register(registry);
        offload("udp-segment", OffloadsView::udpSegment);
        offload("udp-gro", OffloadsView::udpGro);
        offload("tun-tcp", OffloadsView::tunTcp);
        offload("tun-udp", OffloadsView::tunUdp);
        registry.getPrometheusRegistry().register(new ThreadHistograms(() -> forwarding.workers()));
    }

    public PrometheusMeterRegistry registry() {
        return registry;
    }

    /** The text that Prometheus reads. */
    String scrape() {
        node = queries.node();
        forwarding = queries.forwarding();
        for (DropView drop : forwarding.drops()) {
            drops(drop.reason());
        }
        for (String reason : node.refusals().keySet()) {
            refusals(reason);
        }
        for (String what : node.radius().keySet()) {
            radius(what);
        }
        for (WorkerView worker : forwarding.workers()) {
            thread(worker.name());
        }
        for (RelayView relay : forwarding.relays()) {
            relay(relay.node());
        }
        return registry.scrape();
    }

    // Registering again what is registered already changes nothing.

    private void drops(String reason) {
        FunctionCounter.builder(
                        "warren.drops",
                        this,
                        m -> m.forwarding.drops().stream()
                                .filter(drop -> drop.reason().equals(reason))
                                .mapToLong(DropView::packets)
                                .sum())
                .description("Packets dropped")
                .tag("reason", reason)
                .register(registry);
    }

    private void refusals(String reason) {
        FunctionCounter.builder("warren.refusals", this, m -> m.node.refusals().getOrDefault(reason, 0L))
                .description("Tunnels and calls refused")
                .tag("reason", reason)
                .register(registry);
    }

    private void radius(String what) {
        FunctionCounter.builder("warren.radius", this, m -> m.node.radius().getOrDefault(what, 0L))
                .description("What happened between the node and RADIUS servers")
                .tag("what", what)
                .register(registry);
    }

    private void thread(String name) {
        thread(name, "busy.seconds", "Time not spent waiting for packets", WorkerView::busySeconds);
        thread(name, "packets", "Packets taken in", WorkerView::packets);
        thread(name, "batches", "Batches in which they came", WorkerView::batches);
    }

    private void thread(String thread, String name, String description, ToDoubleFunction<WorkerView> value) {
        FunctionCounter.builder(
                        "warren.forwarding.thread." + name,
                        this,
                        m -> m.forwarding.workers().stream()
                                .filter(worker -> worker.name().equals(thread))
                                .mapToDouble(value)
                                .sum())
                .description(description)
                .tag("thread", thread)
                .register(registry);
    }

    private void relay(String node) {
        Gauge.builder(
                        "warren.relay.heard",
                        this,
                        m -> m.forwarding.relays().stream()
                                        .anyMatch(relay -> relay.node().equals(node) && relay.heard())
                                ? 1
                                : 0)
                .description("1 when the node was heard of within the last 400 ms")
                .tag("node", node)
                .register(registry);
        relayed(node, "in", RelayView::in);
        relayed(node, "out", RelayView::out);
    }

    private void relayed(String node, String direction, Function<RelayView, Map<String, Long>> packets) {
        for (String kind : RelayView.KINDS) {
            FunctionCounter.builder(
                            "warren.relay.packets",
                            this,
                            m -> m.forwarding.relays().stream()
                                    .filter(relay -> relay.node().equals(node))
                                    .mapToLong(relay -> packets.apply(relay).getOrDefault(kind, 0L))
                                    .sum())
                    .description("Packets between this node and another one")
                    .tags("node", node, "direction", direction, "kind", kind)
                    .register(registry);
        }
    }

    private void offload(String name, Predicate<OffloadsView> inUse) {
        Gauge.builder("warren.forwarding.offload", this, m -> inUse.test(m.forwarding.offloads()) ? 1 : 0)
                .description("1 when the kernel's offload is in use")
                .tag("name", name)
                .register(registry);
    }

    private void gauge(String name, String description, ToDoubleFunction<NodeView> value) {
        Gauge.builder(name, this, m -> value.applyAsDouble(m.node))
                .description(description)
                .register(registry);
    }

    private void counter(String name, String description, ToDoubleFunction<NodeView> value) {
        FunctionCounter.builder(name, this, m -> value.applyAsDouble(m.node))
                .description(description)
                .register(registry);
    }

    private void traffic(
            String name, String description, ToDoubleFunction<TrafficView> up, ToDoubleFunction<TrafficView> down) {
        direction(name, description, "up", up);
        direction(name, description, "down", down);
    }

    private void direction(String name, String description, String direction, ToDoubleFunction<TrafficView> value) {
        FunctionCounter.builder(name, this, m -> value.applyAsDouble(m.forwarding.traffic()))
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
