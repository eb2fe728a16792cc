package io.warren.cli;

import io.warren.management.api.DropView;
import io.warren.management.api.ForwardingView;
import io.warren.management.api.OffloadsView;
import io.warren.management.api.RelayView;
import io.warren.management.api.TrafficView;
import java.io.PrintWriter;
import java.util.Locale;

/** The forwarding plane as {@code warren show forwarding} prints it. */
final class ForwardingText {
    private ForwardingText() {}

    static void print(ForwardingView view, PrintWriter out) {
        TrafficView traffic = view.traffic();
        fact(out, "plane", view.plane());
        fact(out, "calls", Integer.toString(view.entries()));
        fact(out, "up", traffic.upPackets() + " packets, " + traffic.upOctets() + " octets");
        fact(out, "down", traffic.downPackets() + " packets, " + traffic.downOctets() + " octets");
        fact(out, "offloads", offloads(view.offloads()));
        fact(out, "queues", Integer.toString(view.offloads().queues()));
        if (view.contestedRoutes() > 0) {
            fact(out, "routes", view.contestedRoutes() + " times a call came with a route that another had");
        }
        out.println();
        ports(view, out);
        workers(view, out);
        relays(view, out);
        drops(view, out);
    }

    private static void fact(PrintWriter out, String name, String value) {
        out.printf("%-10s %s%n", name, Table.printable(value));
    }

    private static String offloads(OffloadsView offloads) {
        return "udp-segment " + onOff(offloads.udpSegment()) + ", udp-gro " + onOff(offloads.udpGro()) + ", tun-tcp "
                + onOff(offloads.tunTcp()) + ", tun-udp " + onOff(offloads.tunUdp());
    }

    private static String onOff(boolean on) {
        return on ? "on" : "off";
    }

    private static void ports(ForwardingView view, PrintWriter out) {
        Table table = new Table("SOCKET", "RECEIVE-BUFFER", "WISHED", "SEND-BUFFER", "WISHED", "DROPPED");
        view.ports()
                .forEach(port -> table.row(
                        port.address(),
                        port.receiveBuffer(),
                        port.wishedReceiveBuffer(),
                        port.sendBuffer(),
                        port.wishedSendBuffer(),
                        port.dropped()));
        table.print(out);
        out.println();
    }

    private static void relays(ForwardingView view, PrintWriter out) {
        if (view.relays().isEmpty()) {
            return;
        }
        Table table = new Table("NODE", "HEARD", "UP-IN", "UP-OUT", "DOWN-IN", "DOWN-OUT", "SEND-IN", "SEND-OUT");
        for (RelayView relay : view.relays()) {
            table.row(
                    relay.node(),
                    relay.heard() ? "yes" : "no",
                    relay.in().getOrDefault("up", 0L),
                    relay.out().getOrDefault("up", 0L),
                    relay.in().getOrDefault("down", 0L),
                    relay.out().getOrDefault("down", 0L),
                    relay.in().getOrDefault("send", 0L),
                    relay.out().getOrDefault("send", 0L));
        }
        table.print(out);
        out.println();
    }

    private static void workers(ForwardingView view, PrintWriter out) {
        if (view.workers().isEmpty()) {
            return;
        }
        Table table = new Table("THREAD", "BUSY", "PACKETS", "BATCHES", "P50-US", "P99-US", "MAX-US");
        view.workers()
                .forEach(worker -> table.row(
                        worker.name(),
                        String.format(Locale.ROOT, "%.1f%%", 100 * worker.busyShare()),
                        worker.packets(),
                        worker.batches(),
                        worker.batchMicrosP50(),
                        worker.batchMicrosP99(),
                        worker.batchMicrosMax()));
        table.print(out);
        out.println();
    }

    private static void drops(ForwardingView view, PrintWriter out) {
        Table table = new Table("DROPPED", "PACKETS", "BECAUSE");
        for (DropView drop : view.drops()) {
            if (drop.packets() > 0) {
                table.row(drop.reason(), drop.packets(), drop.meaning());
            }
        }
        if (table.size() == 0) {
            out.println("nothing was dropped");
        } else {
            table.print(out);
        }
    }
}
