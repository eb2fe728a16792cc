package io.warren.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** {@code conf/application.conf} shows every key with the default that is embedded, and every default is used. */
class ShippedConfigurationTest {
    private static final Path SHIPPED = Path.of("conf/application.conf");

    private static Map<String, Object> values(Config config) {
        Map<String, Object> values = new TreeMap<>();
        for (Map.Entry<String, ConfigValue> entry : config.entrySet()) {
            if (entry.getKey().startsWith("warren.")) {
                values.put(entry.getKey(), entry.getValue().unwrapped());
            }
        }
        return values;
    }

    @Test
    void showsEveryKeyWithItsDefault() {
        assertThat(values(ConfigFactory.parseFile(SHIPPED.toFile()))).isEqualTo(values(SettingsReader.defaults()));
    }

    @Test
    void everyKeyIsReadAndNoOther() {
        Config defaults = SettingsReader.defaults();
        Reading reading = new Reading(defaults, defaults);
        SettingsReader.settings(reading, defaults, Path.of("conf"));
        assertThat(reading.mistakes()).isEmpty();
        assertThat(reading.keysRead()).isEqualTo(values(defaults).keySet());
    }

    @Test
    void isReadWithoutMistakesAsItIsShipped() throws Exception {
        Configuration configuration = SettingsReader.read(SHIPPED);
        assertThat(configuration.settings().usersFile())
                .isEqualTo(Path.of("conf/users").toAbsolutePath());
        assertThat(configuration.file().getString("akka.management.http.hostname"))
                .isEqualTo("127.0.0.1");
        assertThat(configuration.file().getInt("akka.management.http.port")).isEqualTo(8558);
    }

    @Test
    void everyKeyHasACommentNearIt() throws Exception {
        int sinceComment = 0;
        for (String line : Files.readAllLines(SHIPPED)) {
            sinceComment = line.contains("#") ? 0 : sinceComment + 1;
            assertThat(sinceComment)
                    .as("lines without a comment before: %s", line)
                    .isLessThan(8);
        }
    }
}
