package io.warren.app;

/** The board and the keepers of shards on this node, as the rest of the node uses them. Safe to call from any thread. */
interface Membership {
    /** What the board knows now. */
    ClusterPicture picture();

    /** Whether our report says from now on that we want to lose our shards. */
    void drain(boolean on);
}
