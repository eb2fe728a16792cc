package io.warren.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@SuppressWarnings("NullAway.Init")
class DialCommandTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private String password;

    @BeforeEach
    void passwordFile() throws IOException {
        Path file = folder.resolve("password");
        Files.writeString(file, "wonder\n");
        password = file.toString();
    }

    @Test
    void aWrongCommandLineIsStatusTwoAndSaysWhatIsWrong() {
        assertThat(dial("lns.example")).isEqualTo(2);
        assertThat(dial("127.0.0.1", "--user", "alice", "--password-file", "/does/not/exist"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("/does/not/exist");
        assertThat(dial("127.0.0.1:no", "--user", "alice", "--password-file", password))
                .isEqualTo(2);
        assertThat(dial("127.0.0.1", "--user", "alice", "--password-file", password, "--ping", "10.0.0.256"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("10.0.0.256");
    }

    @Test
    void nobodyThereIsStatusOneWithTheReason() {
        // Port 9, discard: nobody of ours listens there.
        assertThat(dial("127.0.0.1:9", "--user", "alice", "--password-file", password, "--timeout", "1"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("no answer within 1 s");
    }

    @Test
    void anIpv6AddressStandsInBracketsWhereAPortFollows() {
        for (String host : new String[] {"[::1]:9", "[0:0::1]:9"}) {
            assertThat(dial(host, "--user", "alice", "--password-file", password, "--timeout", "1"))
                    .isEqualTo(1);
            assertThat(out.toString()).contains("calling [::1]:9 as alice");
            assertThat(err.toString()).contains("no answer within 1 s");
        }
        for (String host : new String[] {"::1", "[::1]"}) {
            out.getBuffer().setLength(0);
            assertThat(dial(host, "--user", "alice", "--password-file", password, "--timeout", "1"))
                    .isEqualTo(1);
            assertThat(out.toString()).contains("calling [::1]:1701 as alice");
        }
        for (String host : new String[] {"[::1]:no", "[::1", ":1701", "::1]:1701", "1:2:3"}) {
            assertThat(dial(host, "--user", "alice", "--password-file", password))
                    .as(host)
                    .isEqualTo(2);
        }
        assertThat(dial("fe80::1", "--user", "alice", "--password-file", password))
                .isEqualTo(2);
        assertThat(err.toString()).contains("address of one link only");
    }

    @Test
    void jsonIsOneObjectAndNothingElse() {
        assertThat(dial("127.0.0.1:9", "--user", "alice", "--password-file", password, "--timeout", "1", "--json"))
                .isEqualTo(1);
        assertThat(out.toString().strip()).startsWith("{\"success\":false").endsWith("}");
        assertThat(out.toString().strip().lines()).hasSize(1);
    }

    private int dial(String... arguments) {
        return new CommandLine(new DialCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
