package io.warren.it;

import java.util.List;

/** A real Linux behind the LAC's namespace of a cluster, which calls the cluster's public address. */
final class ClusterGuest implements AutoCloseable {
    private static final String BEHIND = "10.98.0.0/16";
    private static final int TABLES = 500;

    final Guest linux;
    final LinuxClient client;

    private final Cluster cluster;
    private final Guest.Place place;
    private final Steering way;

    private ClusterGuest(Cluster cluster, Guest.Place place, Guest linux, Steering way) {
        this.cluster = cluster;
        this.place = place;
        this.linux = linux;
        this.way = way;
        this.client = new LinuxClient(linux, Cluster.PUBLIC_ADDRESS, BEHIND);
    }

    /**
     * Boots one; all on the way back know where it is.
     *
     * @param number its own, from 1 on
     */
    static ClusterGuest boot(Cluster cluster, int number) {
        String network = "10.92." + number + ".";
        Guest.Place place =
                new Guest.Place(cluster.folder.resolve("guest" + number), "uml" + number, network + "2", network + "1");
        List<String> lac = cluster.inside("lac");
        Shell.run(Shell.join(lac, "ip", "tuntap", "add", "dev", place.tap(), "mode", "tap"));
        Shell.run(Shell.join(lac, "ip", "address", "add", place.gateway() + "/24", "dev", place.tap()));
        Shell.run(Shell.join(lac, "ip", "link", "set", place.tap(), "up"));
        Shell.run(Shell.join(cluster.inside("lb"), "ip", "route", "replace", network + "0/24", "via", "10.99.1.2"));
        Steering way = new Steering(
                cluster.inside("lb"),
                "-4",
                Integer.toString(TABLES + number),
                "from",
                place.address(),
                "to",
                Cluster.PUBLIC_ADDRESS);
        return new ClusterGuest(cluster, place, Guest.boot(place, lac), way);
    }

    /** From now on its packets go to this node, whatever the balancer would do. */
    void sendTo(String node) {
        way.to(Cluster.front(node));
    }

    @Override
    public void close() {
        linux.close();
        way.close();
        Shell.run(Shell.join(cluster.inside("lac"), "ip", "link", "delete", place.tap()));
    }
}
