package io.warren.control.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsersFileTest {
    private Path file = Path.of("");
    private long second;

    @BeforeEach
    void file(@TempDir Path directory) {
        file = directory.resolve("users");
    }

    @Test
    void takesTheBestLineAsPppdDoes() throws Exception {
        write("""
                *     *     anybody
                anna  *     any-server
                anna  lns1  our-server
                anna  lns1  second
                bert  lns2  other-server
                *     lns1  anybody-here
                """);
        UsersFile users = UsersFile.open(file, "lns1");
        assertThat(secret(users.find("anna"))).isEqualTo("our-server");
        assertThat(secret(users.find("bert")))
                .as("his line is for another server")
                .isEqualTo("anybody-here");
        assertThat(secret(users.find("nobody"))).isEqualTo("anybody-here");
        assertThat(users.size()).isEqualTo(1);
    }

    @Test
    void ownLineForAnyServerIsBetterThanAnybodysLineForOurs() throws Exception {
        write("* lns1 anybody\nanna * own\n");
        assertThat(secret(UsersFile.open(file, "lns1").find("anna"))).isEqualTo("own");
    }

    @Test
    void withoutALineThereIsNoUser() throws Exception {
        write("anna * secret\n");
        assertThat(UsersFile.open(file, "lns1").find("bert")).isNull();
    }

    @Test
    void readsAgainWhenChangedOnly() throws Exception {
        write("anna * one\n");
        UsersFile users = UsersFile.open(file, "lns1");
        assertThat(users.reloadIfChanged()).isFalse();
        write("anna * two\n");
        assertThat(users.reloadIfChanged()).isTrue();
        assertThat(secret(users.find("anna"))).isEqualTo("two");
        assertThat(users.reloadIfChanged()).isFalse();
    }

    @Test
    void keepsItsUsersWhenTheNewFileIsWrongOrGone() throws Exception {
        write("anna * one\n");
        UsersFile users = UsersFile.open(file, "lns1");
        write("anna * two\nbroken\n");
        assertThat(users.reloadIfChanged()).isFalse();
        assertThat(secret(users.find("anna"))).isEqualTo("one");
        Files.delete(file);
        assertThat(users.reloadIfChanged()).isFalse();
        assertThat(secret(users.find("anna"))).isEqualTo("one");
        write("anna * three\n");
        assertThat(users.reloadIfChanged()).isTrue();
        assertThat(secret(users.find("anna"))).isEqualTo("three");
    }

    @Test
    void allMistakesAreInTheException() throws Exception {
        write("anna\nbert * secret nowhere\n");
        assertThatThrownBy(() -> UsersFile.open(file, "lns1"))
                .isInstanceOf(UsersFile.MistakesException.class)
                .hasMessageContaining(file + ":1: ")
                .hasMessageContaining(file + ":2: ");
    }

    @Test
    void aMissingFileIsAnIoException() {
        assertThatThrownBy(() -> UsersFile.open(file, "lns1")).isInstanceOf(IOException.class);
    }

    private void write(String text) throws IOException {
        Files.writeString(file, text);
        // a file system's clock may be coarse
        Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH.plusSeconds(++second)));
    }

    private static String secret(@Nullable User user) {
        return user == null ? "" : new String(user.secret().toByteArray(), StandardCharsets.UTF_8);
    }
}
