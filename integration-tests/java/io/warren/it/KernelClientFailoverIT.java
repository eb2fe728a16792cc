package io.warren.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A real Linux client, xl2tpd and pppd, is downloading when its node is killed. */
@SuppressWarnings("NullAway.Init")
class KernelClientFailoverIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int OCTETS = 20_000_000;
    /** Octets per second, so that it takes a while. */
    private static final int RATE = 1_000_000;

    private static final Duration BEFORE = Duration.ofSeconds(4);
    private static final String PORT = "8000";
    private static final LinuxClient.Dial DIAL =
            new LinuxClient.Dial("failover", WarrenNode.USER, WarrenNode.PASSWORD, "chap", "kernel", null);

    @RegisterExtension
    static final ClusterLab LAB = ClusterLab.balancedBy("nft", Means.UML, Means.LINUX_L2TP);

    private ClusterGuest guest;
    private LinuxClient client;
    private Process web;

    @BeforeEach
    void boot() {
        guest = ClusterGuest.boot(LAB.cluster(), 1);
        client = guest.client;
    }

    @AfterEach
    void close() {
        Shell.stop(web, Duration.ofSeconds(5));
        client.hangUp();
        guest.close();
    }

    @Test
    void theDownloadFinishes() throws IOException, NoSuchAlgorithmException {
        Cluster cluster = LAB.cluster();
        byte[] octets = new byte[OCTETS];
        new Random(20_261_122).nextBytes(octets);
        Path data = Files.createDirectories(cluster.folder.resolve("web"));
        Files.write(data.resolve("file"), octets);
        web = Shell.start(
                cluster.folder.resolve("web.log"),
                Shell.join(
                        cluster.inside("core"),
                        System.getProperty("java.home") + "/bin/jwebserver",
                        "-b",
                        Cluster.CORE_ADDRESS,
                        "-p",
                        PORT,
                        "-d",
                        data.toString(),
                        "-o",
                        "none"));
        LinuxClient.Outcome call = client.connect(DIAL);
        String url = "http://" + Cluster.CORE_ADDRESS + ":" + PORT + "/file";
        Await.until(
                "the server is there",
                PATIENCE,
                () -> guest.linux
                                .attempt(PATIENCE, "curl -s -f -m 5 -o /dev/null -r 0-99 " + url)
                                .status()
                        == 0);

        Guest.Running download = guest.linux.start("set -o pipefail; curl -sS -f -m " + PATIENCE.toSeconds()
                + " --limit-rate " + RATE + " " + url + " | sha256sum");
        Await.pause(BEFORE);
        String node = cluster.nodeOfTheCall();
        assertThat(download.ended()).as("the download is over too soon").isFalse();
        cluster.kill(node);

        Shell.Result result = download.await(PATIENCE);
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output())
                .startsWith(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(octets)));
        assertThat(guest.linux.run(PATIENCE, "ip -4 -o address show dev ppp0"))
                .as("it is the same call")
                .contains(call.fact("address"));
        assertThat(client.pppdLog(DIAL)).doesNotContain("Connection terminated");
        assertThat(client.hangUp())
                .as("the control connection goes on, too")
                .containsEntry("hangup", "clean")
                .containsEntry("terminate-ack", "yes");
    }
}
