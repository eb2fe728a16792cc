package io.warren.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Records what is on the wire between lac and lns, and asks Wireshark's dissector about it. */
final class Capture implements AutoCloseable {
    /** Message types (RFC 2661 §3.2). */
    static final int STOP_CCN = 4;

    static final int CDN = 14;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Display filter for what Wireshark cannot make sense of. */
    private static final String MALFORMED = "_ws.malformed || _ws.expert.severity >= 0x00800000";

    private final Path file;
    private final Process tcpdump;

    private Capture(Path file, Process tcpdump) {
        this.file = file;
        this.tcpdump = tcpdump;
    }

    /** Begins to record; returns once the recorder listens. */
    static Capture start(Topology topology, String name) {
        Path file = topology.folder.resolve(name + ".pcap");
        String log = name + "-tcpdump.log";
        // -Z root: else tcpdump drops to a user who cannot write here.
        Process tcpdump = topology.startIn(
                "lns",
                log,
                "tcpdump",
                "-i",
                "lac0",
                "-U",
                "-s",
                "0",
                "-B",
                "8192",
                "-Z",
                "root",
                "-w",
                file.toString(),
                "udp or icmp or ip[6:2] & 0x3fff != 0 or ip6[6] == 44");
        Await.until("tcpdump listens", Duration.ofSeconds(10), () -> Files.exists(file));
        Await.pause(Duration.ofMillis(100));
        return new Capture(file, tcpdump);
    }

    /** Lines of tshark for the frames that match a display filter. */
    List<String> frames(String displayFilter) {
        return tshark(List.of("-Y", displayFilter));
    }

    /** One field of each frame that matches; empty where a frame has none. */
    List<String> field(String displayFilter, String field) {
        return tshark(List.of("-Y", displayFilter, "-T", "fields", "-e", field));
    }

    /** The same, with the dissector's verdict on UDP checksums: 1 is good. */
    List<String> checkedField(String displayFilter, String field) {
        return tshark(List.of("-o", "udp.check_checksum:TRUE", "-Y", displayFilter, "-T", "fields", "-e", field));
    }

    /** Frames that are malformed, or that the dissector marks as an error. */
    List<String> malformed() {
        return frames("l2tp && (" + MALFORMED + ")");
    }

    /** How many control messages of this type (RFC 2661 §3.2) are in it, repeats included. */
    int count(int messageType) {
        return frames("l2tp.avp.message_type == " + messageType).size();
    }

    /** How many StopCCNs of the end of a tunnel that gave it this id. */
    int stopCcnsOf(int assignedTunnelId) {
        return frames("l2tp.avp.message_type == " + STOP_CCN + " && l2tp.avp.assigned_tunnel_id == " + assignedTunnelId)
                .size();
    }

    /** How many of them came from this address. */
    int countFrom(String address, int messageType) {
        return frames("ip.src == " + address + " && l2tp.avp.message_type == " + messageType)
                .size();
    }

    private List<String> tshark(List<String> arguments) {
        List<String> command =
                Shell.join(List.of("tshark", "-n", "-r", file.toString()), arguments.toArray(new String[0]));
        Shell.Result result = Shell.attempt(
                PATIENCE,
                Shell.join(List.of("sh", "-c", "exec \"$@\" 2>/dev/null", "sh"), command.toArray(new String[0])));
        // 2: the recording goes on and its last packet is cut short; everything before it was printed.
        if (result.status() != 0 && result.status() != 2) {
            throw new AssertionError("tshark ended with " + result.status() + ": " + result.output());
        }
        return result.output().lines().toList();
    }

    /** Ends the recording; what was recorded can still be asked about. */
    void stop() {
        Await.pause(Duration.ofMillis(200));
        Shell.stop(tcpdump, Duration.ofSeconds(5));
    }

    @Override
    public void close() {
        Shell.stop(tcpdump, Duration.ofSeconds(5));
    }
}
