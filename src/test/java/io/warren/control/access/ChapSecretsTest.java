package io.warren.control.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.warren.config.Cidr;
import io.warren.config.RateLimits;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChapSecretsTest {
    @Test
    void readsALineOfEachKind() {
        ChapSecrets.Parsed parsed = parse("""
                # client  server  secret  addresses
                anna      *       secret
                bert      lns1    'two words'   10.0.0.5   # a comment
                "c d"     *       "a\\"b"       *
                eve       *       x             -
                fred      *       y             10.0.0.0/30 !10.0.0.2 \\
                                                192.0.2.1
                """);
        assertThat(parsed.problems()).isEmpty();
        assertThat(parsed.users())
                .extracting(User::name, user -> text(user), User::addresses, User::line)
                .containsExactly(
                        tuple("anna", "secret", User.Addresses.POOL, 2),
                        tuple("bert", "two words", User.Addresses.LISTED, 3),
                        tuple("c d", "a\"b", User.Addresses.ANY, 4),
                        tuple("eve", "x", User.Addresses.NONE, 5),
                        tuple("fred", "y", User.Addresses.LISTED, 6));
        assertThat(parsed.users().get(1).ranges()).containsExactly(Cidr.parse("10.0.0.5"));
        assertThat(parsed.users().get(4).ranges())
                .as("an exception counts for what comes after it")
                .containsExactly(Cidr.parse("10.0.0.0/30"), Cidr.parse("192.0.2.1"));
    }

    @Test
    void anExceptionBeforeARangeIsCutOutOfIt() {
        User user = parse("u * s !10.0.0.1 10.0.0.0/30").users().getFirst();
        assertThat(user.ranges()).containsExactly(Cidr.parse("10.0.0.0"), Cidr.parse("10.0.0.2/31"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            a\\sb      | a b
            a\\tb      | `a\tb`
            \\x41\\102 | AB
            a\\#b      | a#b
            a#b       | a
            'a#b'     | a#b
            "it's"    | it's
            a"b c"d   | ab cd
            '@file'   | @file
            """)
    void readsWordsAsPppdDoes(String word, String meaning) {
        ChapSecrets.Parsed parsed = parse("user * " + word + "\n");
        assertThat(parsed.problems()).isEmpty();
        assertThat(text(parsed.users().getFirst())).isEqualTo(meaning);
    }

    @Test
    void reportsAllMistakesTogetherWithFileAndLine() {
        ChapSecrets.Parsed parsed = parse("""
                good * secret
                short *
                empty * ""
                other * @/etc/secret
                open * "secret
                bad * secret 10.0.0.300
                name * secret host.example
                unit * secret 10.0.0.0/24+
                options * secret * -- mtu 1400
                both * secret - 10.0.0.1
                """);
        assertThat(parsed.users()).extracting(User::name).contains("good");
        assertThat(parsed.problems().stream().map(problem -> problem.replaceAll("^(\\w+:\\d+): .*", "$1")))
                .containsExactly(
                        "users:5",
                        "users:2",
                        "users:3",
                        "users:4",
                        "users:6",
                        "users:7",
                        "users:8",
                        "users:9",
                        "users:10");
        assertThat(String.join("\n", parsed.problems()))
                .contains("needs client, server and secret")
                .contains("let anybody in")
                .contains("not supported")
                .doesNotContain("/etc/secret");
    }

    @Test
    void printsNoSecret() {
        User user = parse("anna * tell-nobody").users().getFirst();
        assertThat(user.toString()).contains("anna").doesNotContain("tell-nobody");
    }

    @Test
    void survivesAnyOctets() {
        byte[] all = new byte[512];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        assertThat(ChapSecrets.parse(all, "users").problems()).isNotEmpty();
        assertThat(parse("a * b\\").problems()).containsExactly("users:1: a backslash at the end of the file");
        assertThat(parse("").users()).isEmpty();
    }

    @Test
    void namesAndSecretsAreUtf8() {
        User user = parse("jürgen * pässword").users().getFirst();
        assertThat(user.name()).isEqualTo("jürgen");
        assertThat(text(user)).isEqualTo("pässword");
    }

    private static String text(User user) {
        return new String(user.secret().toByteArray(), StandardCharsets.UTF_8);
    }

    private static ChapSecrets.Parsed parse(String text) {
        return ChapSecrets.parse(text.getBytes(StandardCharsets.UTF_8), "users");
    }

    @Test
    void limitsStandAmongTheAddressesInAnyOrder() {
        ChapSecrets.Parsed parsed = parse("""
                anna * "down=9k"  down=20M up=5M
                bert * x  packets=20000 10.0.0.5 down-burst=256K   # a comment
                eve  * x  - up=off
                """);
        assertThat(parsed.problems()).isEmpty();
        assertThat(parsed.users())
                .extracting(ChapSecretsTest::text, User::addresses, User::limitWords)
                .containsExactly(
                        tuple("down=9k", User.Addresses.POOL, List.of("down=20M", "up=5M")),
                        tuple("x", User.Addresses.LISTED, List.of("packets=20000", "down-burst=256K")),
                        tuple("x", User.Addresses.NONE, List.of("up=off")));
    }

    @Test
    void filtersAreNamedAmongTheLimits() {
        ChapSecrets.Parsed parsed = parse("""
                anna * x  down=20M filter=garden.in,no-mail
                bert * x  *
                """);
        assertThat(parsed.problems()).isEmpty();
        assertThat(parsed.users())
                .extracting(User::filters)
                .containsExactly(List.of("garden.in", "no-mail"), List.of());
        assertThat(parsed.users().getFirst().limits(RateLimits.NONE)).isEqualTo(RateLimits.NONE.with("down=20M"));
        assertThat(parse("carl * x filter=\ndora * x filter=a,,b\neve * x filter=a filter=b\n")
                        .problems())
                .hasSize(3);
    }

    @Test
    void theNumberOfAUsersCallsStandsAmongTheLimits() {
        ChapSecrets.Parsed parsed = parse("""
                anna * x  calls=2 down=20M
                bert * x  *
                """);
        assertThat(parsed.problems()).isEmpty();
        assertThat(parsed.users()).extracting(User::calls).containsExactly(2, 0);
        assertThat(parsed.users().getFirst().limits(RateLimits.NONE)).isEqualTo(RateLimits.NONE.with("down=20M"));
        assertThat(parsed.users().getFirst().filters()).isEmpty();
        assertThat(parse("carl * x calls=0\ndora * x calls=two\neve * x calls=1 calls=2\n")
                        .problems())
                .hasSize(3)
                .allMatch(problem -> problem.contains("calls"));
    }

    @Test
    void aLimitThatIsNoneIsAMistake() {
        assertThat(parse("""
                anna * x down=20
                bert * x speed=20M
                carl * x up=5M up=6M
                """).problems())
                .containsExactly(
                        "users:1: 'down=20' is no limit: down is off, or bits a second from 8k to 64G, such as 20M",
                        "users:2: 'speed=20M' is no limit: no such limit: 'speed'; there are down, up, down-burst,"
                                + " up-burst and packets",
                        "users:3: up= stands in it twice");
    }
}
