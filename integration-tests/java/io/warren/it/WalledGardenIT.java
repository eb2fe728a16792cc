package io.warren.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** FreeRADIUS puts a call behind a filter that lets it reach the gateway alone, and takes it out again. */
class WalledGardenIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** RADIUS changes take effect within this. */
    private static final Duration SOON = Duration.ofSeconds(2);

    private static final String USERS = """
            carol Cleartext-Password := "wonderland"
                  Filter-Id = "garden"
            """;
    private static final String FILTERS = """
            warren.radius {
              servers.one { address = "127.0.0.1", secret = "%s" }
              dynamic-authorization.listen = ["127.0.0.1:3799"]
            }
            warren.filters {
              garden { up = ["accept icmp to %2$s"], down = ["accept icmp from %2$s"] }
              open {}
            }
            """.formatted(FreeRadius.SECRET, WarrenNode.GATEWAY);

    @RegisterExtension
    static final Lab LAB = Lab.withNode(Means.FREERADIUS);

    static FreeRadius server;
    static WarrenNode node;
    private Process call;

    @BeforeAll
    static void start() {
        server = LAB.owning(FreeRadius.start(LAB.topology(), USERS));
        node = LAB.owning(WarrenNode.start(LAB.topology(), WarrenNode.Settings.PLAIN.with(FILTERS)));
    }

    @AfterEach
    void hangUp() {
        Shell.stop(call, PATIENCE);
        Await.until("no call is left", PATIENCE, () -> node.sessionCount() == 0);
    }

    @Test
    void aCallIsLetOutOfTheGardenAndPutBackWhileItIsUp() {
        call();
        assertThat(reaches(WarrenNode.GATEWAY)).isTrue();
        assertThat(reaches(Topology.CORE_ADDRESS)).isFalse();

        assertThat(server.ask("coa", "User-Name = \"carol\", Filter-Id = \"open\"")
                        .output())
                .contains("Received CoA-ACK");
        Await.until("the garden is open", SOON, () -> reaches(Topology.CORE_ADDRESS));

        assertThat(server.ask("coa", "User-Name = \"carol\", Filter-Id = \"garden.in\"")
                        .output())
                .contains("Received CoA-ACK");
        Await.until("the garden is closed", SOON, () -> !reaches(Topology.CORE_ADDRESS));

        node.kill();
        node.start();
        assertThat(reaches(WarrenNode.GATEWAY)).isTrue();
        assertThat(reaches(Topology.CORE_ADDRESS)).as("after a restart").isFalse();
    }

    private static boolean reaches(String host) {
        return LAB.topology()
                        .attemptIn("lac", PATIENCE, "ping", "-c", "1", "-W", "1", "-I", "call0", host)
                        .status()
                == 0;
    }

    private void call() {
        Path password = LAB.topology().folder.resolve("password");
        try {
            Files.writeString(password, "wonderland\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        call = LAB.topology()
                .startIn(
                        "lac",
                        "dial.log",
                        WarrenNode.PROGRAM.toString(),
                        "dial",
                        Topology.LNS_ADDRESS,
                        "--user",
                        "carol",
                        "--password-file",
                        password.toString(),
                        "--tun",
                        "call0");
        Await.until(
                "the call's interface is up",
                PATIENCE,
                () -> LAB.topology()
                        .attemptIn("lac", PATIENCE, "ip", "-4", "-o", "address", "show", "dev", "call0")
                        .output()
                        .contains(WarrenNode.POOL_PREFIX));
        LAB.topology().in("lac", "ip", "route", "add", "198.51.100.0/24", "dev", "call0");
    }
}
