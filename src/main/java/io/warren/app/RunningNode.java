package io.warren.app;

import io.warren.config.Settings;
import io.warren.dataplane.DataPlane;

/** A node that runs: by itself ({@link Node}) or as a member of a cluster ({@link ClusterNode}). */
public interface RunningNode {
    /** The settings that it runs with. */
    Settings settings();

    /** Where L2TP is spoken, with the ports that were really bound. */
    DataPlane plane();

    /** Where management answers. */
    String managementUrl();

    /** Waits until the node has stopped; the status that its process is to end with. */
    int awaitTermination() throws InterruptedException;

    /** Stops the node in order; returns at once. */
    void stop();
}
