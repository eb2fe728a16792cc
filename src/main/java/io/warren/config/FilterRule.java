package io.warren.config;

import org.jspecify.annotations.Nullable;

/**
 * One rule of a {@link FilterRules}: what a packet has to be like, and what becomes of it then.
 *
 * @param accept else it is dropped
 * @param protocol number in IPv4's Protocol or IPv6's (last) Next Header; {@link #ANY_PROTOCOL}: any
 * @param from, to where the packet comes from and goes to; null: anywhere
 * @param fromPorts, toPorts null: any, or none
 */
public record FilterRule(
        boolean accept,
        int protocol,
        @Nullable AddressPrefix from,
        @Nullable Ports fromPorts,
        @Nullable AddressPrefix to,
        @Nullable Ports toPorts) {
    public static final int ANY_PROTOCOL = -1;

    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int MOST_PROTOCOL = 255;

    public FilterRule {
        if ((fromPorts != null || toPorts != null) && protocol != TCP && protocol != UDP) {
            throw new IllegalArgumentException("ports are tcp's or udp's: say which");
        }
        if (from != null && to != null && from.ipv6() != to.ipv6()) {
            throw new IllegalArgumentException("no packet goes from one IP version to the other");
        }
    }

    /** From the first to the last, both included. */
    public record Ports(int first, int last) {
        private static final int MOST = 65_535;

        public Ports {
            if (first < 0 || last > MOST || first > last) {
                throw new IllegalArgumentException("ports are a number, or two with - between, from 0 to " + MOST);
            }
        }

        static Ports parse(String text) {
            if (!text.matches("[0-9]{1,5}(-[0-9]{1,5})?")) {
                throw new IllegalArgumentException("'" + text + "' are no ports");
            }
            int dash = text.indexOf('-');
            int first = Integer.parseInt(dash < 0 ? text : text.substring(0, dash));
            return new Ports(first, dash < 0 ? first : Integer.parseInt(text.substring(dash + 1)));
        }
    }

    /**
     * Parses {@code accept udp from any port 1024-65535 to 192.0.2.53 port 53}: the action, then what is wanted of
     * protocol ({@code tcp}, {@code udp}, {@code icmp}, {@code icmpv6}, a number), {@code from} and {@code to}.
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    public static FilterRule parse(String text) {
        Words words = new Words(text.trim().split("\\s+"));
        boolean accept = switch (words.next("accept or drop")) {
            case "accept" -> true;
            case "drop" -> false;
            default -> throw new IllegalArgumentException("a rule begins with accept or drop");
        };
        int protocol =
                words.atEnd() || words.is("from") || words.is("to") ? ANY_PROTOCOL : protocol(words.next("a protocol"));
        AddressPrefix from = null;
        Ports fromPorts = null;
        if (words.skip("from")) {
            from = words.prefix();
            fromPorts = words.ports();
        }
        AddressPrefix to = null;
        Ports toPorts = null;
        if (words.skip("to")) {
            to = words.prefix();
            toPorts = words.ports();
        }
        if (!words.atEnd()) {
            throw new IllegalArgumentException("'" + words.next("") + "' does not belong there");
        }
        return new FilterRule(accept, protocol, from, fromPorts, to, toPorts);
    }

    private static int protocol(String word) {
        return switch (word) {
            case "tcp" -> TCP;
            case "udp" -> UDP;
            case "icmp" -> 1;
            case "icmpv6" -> 58;
            default -> {
                if (!word.matches("[0-9]{1,3}") || Integer.parseInt(word) > MOST_PROTOCOL) {
                    throw new IllegalArgumentException("'" + word + "' is no protocol");
                }
                yield Integer.parseInt(word);
            }
        };
    }

    private static final class Words {
        private final String[] words;
        private int at;

        Words(String[] words) {
            this.words = words;
        }

        boolean atEnd() {
            return at == words.length;
        }

        boolean is(String word) {
            return !atEnd() && words[at].equals(word);
        }

        boolean skip(String word) {
            boolean there = is(word);
            at += there ? 1 : 0;
            return there;
        }

        String next(String wanted) {
            if (atEnd()) {
                throw new IllegalArgumentException("it ends where " + wanted + " is wanted");
            }
            return words[at++];
        }

        @Nullable
        AddressPrefix prefix() {
            String word = next("any, an address or a range");
            return word.equals("any") ? null : AddressPrefix.parse(word);
        }

        @Nullable
        Ports ports() {
            return skip("port") ? Ports.parse(next("a port")) : null;
        }
    }
}
