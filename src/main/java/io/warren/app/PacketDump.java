package io.warren.app;

import io.warren.config.Settings;
import io.warren.control.port.PeerPath;
import io.warren.dataplane.PacketListener;
import io.warren.wire.WireException;
import io.warren.wire.l2tp.L2tpCodec;
import io.warren.wire.l2tp.PacketText;
import io.warren.wire.l2tp.TunnelSecret;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The packet dump: every control packet and PPP frame, one line each, to the logger {@code warren.packets} at debug.
 * Says nothing of what is in a PPP frame: that may be a password.
 */
final class PacketDump implements PacketListener {
    private static final Logger LOG = LoggerFactory.getLogger("warren.packets");

    private final boolean configured;
    private final @Nullable TunnelSecret secret;

    PacketDump(Settings settings) {
        configured = settings.packetDump();
        secret = ControlSettings.secret(settings);
    }

    @Override
    public boolean enabled() {
        return configured || LOG.isDebugEnabled();
    }

    @Override
    public void received(PeerPath path, byte[] datagram) {
        dump("<", path, datagram);
    }

    @Override
    public void sent(PeerPath path, byte[] datagram) {
        dump(">", path, datagram);
    }

    private void dump(String direction, PeerPath path, byte[] datagram) {
        String line = direction + " " + path.remote() + " " + text(datagram);
        if (configured) {
            LOG.info(line);
        } else {
            LOG.debug(line);
        }
    }

    private String text(byte[] datagram) {
        boolean control = datagram.length > 0 && (datagram[0] & 0x80) != 0;
        if (!control) {
            return "data, " + datagram.length + " octets";
        }
        try {
            return PacketText.describe(L2tpCodec.decode(datagram, secret));
        } catch (WireException e) {
            return "not decodable: " + e.getMessage();
        }
    }
}
