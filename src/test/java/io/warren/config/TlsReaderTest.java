package io.warren.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TlsReaderTest {
    private final TestAuthority authority = new TestAuthority("lab");
    private final TestAuthority.Issued ours = authority.issue("lns.example.net");

    @TempDir
    Path directory;

    @BeforeEach
    void files() throws IOException {
        write("ca.pem", authority.pem());
        write("client.pem", ours.certificatePem() + authority.pem());
        write("client.key", ours.keyPem());
        write("other.key", authority.issue("other").keyPem());
        write("encrypted.key", ours.keyPem().replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY"));
        write("garbage.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        write("empty.pem", "");
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    private RadiusSettings.Server read(String text) throws SettingsException, IOException {
        write("users", "");
        return SettingsReader.read(
                        ConfigFactory.parseString("warren { data-dir = ., users-file = users, radius.servers.one {"
                                + " address = \"192.0.2.1\", " + text + " } }"),
                        directory)
                .settings()
                .radius()
                .servers()
                .getFirst();
    }

    @Test
    void anAuthorityIsEnough() throws Exception {
        RadiusSettings.Server server = read("transport = tls, tls.ca = ca.pem");
        assertThat(server.tls()).isEqualTo(new TlsSettings(2083, "192.0.2.1", List.of(authority.certificate()), null));
        assertThat(server.secret().reveal()).isEqualTo("radsec");
    }

    @Test
    void everythingCanBeSaid() throws Exception {
        RadiusSettings.Server server = read("""
                transport = tls, secret = other, tls { port = 2084, ca = ca.pem, certificate = client.pem
                key = client.key, name = radius.example.net }
                """);
        TlsSettings tls = server.tls();
        assertThat(tls.port()).isEqualTo(2084);
        assertThat(tls.name()).isEqualTo("radius.example.net");
        assertThat(tls.identity().chain()).containsExactly(ours.certificate(), authority.certificate());
        assertThat(tls.identity().key()).isEqualTo(ours.keys().getPrivate());
        assertThat(server.secret().reveal()).isEqualTo("other");
        assertThat(server.toString()).contains("Identity[hidden]").doesNotContain("secret=other");
    }

    @Test
    void aKeyThatWasPutWhereItsFileBelongsIsNotRepeated() {
        String key = ours.keyPem();
        assertThatThrownBy(() -> read("transport = tls, tls { ca = ca.pem, certificate = client.pem, key = \"\"\"" + key
                        + "\"\"\" }"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("it is what should be in a file")
                .hasMessageNotContaining(key.lines().skip(1).findFirst().orElseThrow());
    }

    @Test
    void withoutAWordOfItThereIsNoTls() throws Exception {
        assertThat(read("secret = s").tls()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "transport = tcp                                  | transport | is wrong",
                "secret = s, tls.ca = ca.pem                      | transport | it is udp",
                "transport = tls                                  | tls.ca | it is empty",
                "transport = tls, tls.ca = none.pem               | tls.ca | there is no file",
                "transport = tls, tls.ca = empty.pem              | tls.ca | there is no BEGIN CERTIFICATE",
                "transport = tls, tls.ca = garbage.pem            | tls.ca | cannot be read",
                "transport = tls, tls { ca = ca.pem, port = 0 }   | tls.port | 0 is not allowed",
                "transport = tls, tls { ca = ca.pem, key = client.key } | tls.certificate | it is empty",
                "transport = tls, tls { ca = ca.pem, certificate = client.pem } | tls.key | it is empty",
                "transport = tls, tls { ca = ca.pem, certificate = client.pem, key = other.key } "
                        + "| tls.key | it is not the key of the certificate",
                "transport = tls, tls { ca = ca.pem, certificate = client.pem, key = encrypted.key } "
                        + "| tls.key | it must be BEGIN PRIVATE KEY",
                "transport = tls, tls { ca = ca.pem, certificate = client.pem, key = ca.pem } "
                        + "| tls.key | there is no BEGIN PRIVATE KEY",
                "transport = tls, tls { ca = ca.pem, nam = x }    | tls.nam | did you mean",
            })
    void aMistakeIsToldByItsKey(String text, String key, String wrong) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("warren.radius.servers.one." + key.strip() + ": ")
                .hasMessageContaining(wrong.strip());
    }
}
