package io.warren.app;

import io.warren.control.port.SessionCounters;
import io.warren.dataplane.DataPlane;
import io.warren.dataplane.DropReason;
import io.warren.dataplane.Offloads;
import io.warren.dataplane.PortFigures;
import io.warren.dataplane.WorkerFigures;
import io.warren.management.api.DropView;
import io.warren.management.api.ForwardingView;
import io.warren.management.api.OffloadsView;
import io.warren.management.api.PortView;
import io.warren.management.api.RelayView;
import io.warren.management.api.TrafficView;
import io.warren.management.api.WorkerView;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The data plane's figures, as they are shown. */
final class ForwardingViews {
    private static final double SECOND = 1e9;
    private static final long MICROSECOND = 1_000;

    private ForwardingViews() {}

    /** @param tun the TUN device's name, null for the null plane */
    static ForwardingView of(DataPlane plane, @Nullable String tun) {
        Map<String, Long> drops = plane.drops();
        Offloads offloads = plane.offloads();
        return new ForwardingView(
                tun == null ? "null plane" : tun,
                plane.nullPlane(),
                plane.table().size(),
                traffic(plane.table().totals()),
                new OffloadsView(
                        offloads.udpSegment(),
                        offloads.udpGro(),
                        offloads.tunTcp(),
                        offloads.tunUdp(),
                        offloads.queues()),
                plane.ports().stream().map(ForwardingViews::view).toList(),
                plane.workers().stream().map(ForwardingViews::view).toList(),
                plane.relays().stream()
                        .map(relay -> new RelayView(relay.node().toString(), relay.heard(), relay.in(), relay.out()))
                        .toList(),
                Arrays.stream(DropReason.values())
                        .map(reason ->
                                new DropView(reason.label(), drops.getOrDefault(reason.label(), 0L), reason.meaning()))
                        .toList(),
                plane.table().contestedRoutes());
    }

    static TrafficView traffic(SessionCounters counters) {
        return new TrafficView(
                counters.upPackets(),
                counters.upOctets(),
                counters.downPackets(),
                counters.downOctets(),
                counters.drops());
    }

    private static PortView view(PortFigures port) {
        return new PortView(
                port.address().toString(),
                port.receiveBuffer(),
                port.wishedReceiveBuffer(),
                port.sendBuffer(),
                port.wishedSendBuffer(),
                port.granted(),
                port.dropped());
    }

    private static WorkerView view(WorkerFigures worker) {
        return new WorkerView(
                worker.name(),
                worker.nanos() / SECOND,
                worker.busyNanos() / SECOND,
                worker.busyShare(),
                worker.packets(),
                worker.batches(),
                worker.withinNanos(0.5) / MICROSECOND,
                worker.withinNanos(0.99) / MICROSECOND,
                worker.longestBatchNanos() / MICROSECOND,
                worker.batchNanos());
    }
}
