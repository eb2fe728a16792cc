package io.warren.control.access;

import io.warren.config.Cidr;
import io.warren.config.RateLimits;
import io.warren.wire.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reads the format of pppd's {@code chap-secrets}: client, server, secret and addresses on a line, words in quotes or
 * with backslash escapes, {@code #} before a comment. Collects every mistake instead of stopping at the first. Refuses
 * what pppd would fetch from elsewhere: secrets in other files, host names, options. What pppd does not know are limits
 * such as {@code down=20M}, filters, a number of calls, and {@link UserTerms}, among the addresses.
 */
final class ChapSecrets {
    private final String file;
    private final List<User> users = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    private ChapSecrets(String file) {
        this.file = file;
    }

    /** What a file holds, and what is wrong with it, as {@code file:line: what}. */
    record Parsed(List<User> users, List<String> problems) {}

    /** @param file its name, for messages */
    static Parsed parse(byte[] octets, String file) {
        ChapSecrets reading = new ChapSecrets(file);
        // one char is one octet here: a secret may be any octets
        for (SecretsWords.Line line :
                SecretsWords.split(new String(octets, StandardCharsets.ISO_8859_1), reading::problem)) {
            reading.user(line);
        }
        return new Parsed(List.copyOf(reading.users), List.copyOf(reading.problems));
    }

    private void user(SecretsWords.Line line) {
        List<SecretsWords.Word> words = line.words();
        int number = line.number();
        if (words.size() < 3) {
            problem(number, "needs client, server and secret, has " + words.size() + " of them");
            return;
        }
        SecretsWords.Word secret = words.get(2);
        if (secret.text().isEmpty()) {
            problem(number, "the secret is empty, which would let anybody in");
        }
        if (secret.text().startsWith("@") && !secret.quoted()) {
            problem(
                    number,
                    "a secret in another file (@…) is not supported; put a secret that begins with @ in quotes");
        }
        int before = problems.size();
        List<AddressRule> rules = new ArrayList<>();
        List<String> limits = new ArrayList<>();
        List<SecretsWords.Word> rest = new ArrayList<>();
        for (SecretsWords.Word word : words.subList(3, words.size())) {
            if (word.text().contains("=")) {
                limit(number, word.text(), limits);
            } else {
                rest.add(word);
            }
        }
        User.Addresses addresses = addresses(number, rest, rules);
        if (problems.size() == before) {
            users.add(new User(
                    utf8(words.get(0).text()),
                    utf8(words.get(1).text()),
                    Bytes.of(secret.text().getBytes(StandardCharsets.ISO_8859_1)),
                    addresses,
                    AddressRule.permitted(rules),
                    List.copyOf(limits),
                    number));
        }
    }

    private void limit(int line, String word, List<String> limits) {
        String name = word.substring(0, word.indexOf('=') + 1);
        if (!name.equals(UserTerms.ROUTE) && limits.stream().anyMatch(other -> other.startsWith(name))) {
            problem(line, name + " stands in it twice");
        }
        try {
            if (name.equals(User.CALLS)) {
                if (!word.matches("calls=[1-9][0-9]{0,4}")) {
                    throw new IllegalArgumentException("calls is a number from 1 to 99999");
                }
            } else if (UserTerms.isName(name)) {
                UserTerms.of(Stream.concat(limits.stream(), Stream.of(word)).toList());
            } else if (!name.equals(User.FILTER)) {
                RateLimits.NONE.with(word);
            } else if (!word.matches("filter=[^,]+(,[^,]+)*")) {
                throw new IllegalArgumentException("name one filter, or several with commas between");
            }
            limits.add(utf8(word));
        } catch (IllegalArgumentException e) {
            problem(line, "'" + utf8(word) + "' is no limit: " + e.getMessage());
        }
    }

    private User.Addresses addresses(int line, List<SecretsWords.Word> words, List<AddressRule> rules) {
        User.Addresses kind = words.isEmpty() ? User.Addresses.POOL : User.Addresses.LISTED;
        for (SecretsWords.Word word : words) {
            String text = word.text();
            if (text.equals("--")) {
                problem(line, "options after -- are not supported");
                break;
            } else if (text.equals("-")) {
                kind = User.Addresses.NONE;
            } else if (text.equals("*")) {
                kind = kind == User.Addresses.NONE ? kind : User.Addresses.ANY;
                rules.add(new AddressRule(true, AddressRule.ANY));
            } else {
                rule(line, text, rules);
            }
        }
        if (kind == User.Addresses.NONE && words.size() > 1) {
            problem(line, "- allows no address and must stand alone");
        }
        return kind;
    }

    private void rule(int line, String text, List<AddressRule> rules) {
        boolean permits = !text.startsWith("!");
        try {
            rules.add(new AddressRule(permits, Cidr.parse(utf8(permits ? text : text.substring(1)))));
        } catch (IllegalArgumentException e) {
            problem(
                    line,
                    "'" + utf8(text) + "' is no address or range: " + e.getMessage()
                            + (text.endsWith("+") ? "; + for the unit number is not supported" : ""));
        }
    }

    private void problem(int line, String what) {
        problems.add(file + ":" + line + ": " + what);
    }

    private static String utf8(String octets) {
        return new String(octets.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
