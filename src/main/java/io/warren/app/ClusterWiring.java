package io.warren.app;

import io.warren.config.Settings;
import io.warren.control.port.ClusterPlane;
import io.warren.dataplane.DataPlane;
import java.io.IOException;

/** The parts of a real member: the journal on PostgreSQL, the data plane with its relay, the keepers of shards. */
final class ClusterWiring implements MemberParts {
    @Override
    public OpenJournal journal(Settings settings) {
        return OpenJournal.open(settings);
    }

    @Override
    public DataPlane plane(Settings settings) throws IOException {
        return DataPlane.open(DataPlaneWiring.settings(settings), new PacketDump(settings));
    }

    @Override
    public ClusterPlane relay(DataPlane plane) {
        throw new UnsupportedOperationException("the data plane has no relay yet");
    }

    @Override
    public Started start(World world) {
        throw new UnsupportedOperationException("there are no keepers of shards yet");
    }
}
