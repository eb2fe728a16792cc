package io.warren.bench;

import io.warren.control.port.PeerPath;
import io.warren.sys.AddressBits;
import io.warren.sys.UdpSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * What one tunnel has to say while a batch of its peer's datagrams is worked through. It leaves when the batch is done:
 * each control message then acknowledges the whole batch, and a bare acknowledgement leaves only if nothing else does.
 * l2tpns acknowledges nothing while answers of its own are unacknowledged, and forgets to do so afterwards: to acknowledge
 * them one by one costs a second of silence.
 */
final class Outbox {
    /** Octets of a control header (RFC 2661 §3.1); a message of no more is a zero-length body. */
    private static final int CONTROL_HEADER = 12;

    private static final int NR = 10;

    private final UdpSocket socket;
    private final List<PeerPath> paths = new ArrayList<>();
    private final List<byte[]> datagrams = new ArrayList<>();

    Outbox(UdpSocket socket) {
        this.socket = socket;
    }

    void put(PeerPath path, byte[] datagram) {
        paths.add(path);
        datagrams.add(datagram);
    }

    /** Sends all. */
    void flush() {
        byte[] last = null;
        boolean message = false;
        for (byte[] datagram : datagrams) {
            if (control(datagram)) {
                last = datagram;
                message |= datagram.length > CONTROL_HEADER;
            }
        }
        for (int index = 0; index < datagrams.size(); index++) {
            byte[] datagram = datagrams.get(index);
            if (last != null && control(datagram)) {
                if (message && datagram.length == CONTROL_HEADER) {
                    continue;
                }
                datagram[NR] = last[NR];
                datagram[NR + 1] = last[NR + 1];
            }
            transmit(paths.get(index), datagram);
        }
        paths.clear();
        datagrams.clear();
    }

    private static boolean control(byte[] datagram) {
        return datagram.length >= CONTROL_HEADER && datagram[0] < 0;
    }

    private void transmit(PeerPath to, byte[] datagram) {
        byte[] address = to.remote().address().toByteArray();
        socket.sendNow(
                datagram,
                0,
                0,
                AddressBits.high(address),
                AddressBits.low(address),
                to.remote().port());
    }
}
