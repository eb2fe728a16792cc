package io.warren.dataplane;

import io.warren.control.port.PeerPath;

/**
 * A tap on the datagrams between peers and the control plane: control packets and PPP frames that are not forwarded,
 * both ways, as they are on the wire. Called on the thread that received or sends, only while {@link #enabled}.
 */
public interface PacketListener {
    /** Hears nothing and costs nothing. */
    PacketListener NONE = new PacketListener() {
        @Override
        public boolean enabled() {
            return false;
        }

        @Override
        public void received(PeerPath path, byte[] datagram) {}

        @Override
        public void sent(PeerPath path, byte[] datagram) {}
    };

    /** Whether datagrams are wanted now; asked before each one. */
    boolean enabled();

    /** The array is the listener's to read, not to change. */
    void received(PeerPath path, byte[] datagram);

    /** The array is the listener's to read, not to change. */
    void sent(PeerPath path, byte[] datagram);
}
