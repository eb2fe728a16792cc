package io.warren.config;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one call may use, in the units that operators speak: rates in bits a second (k, M, G for 10<sup>3</sup>,
 * 10<sup>6</sup>, 10<sup>9</sup>), bursts in octets (K, M for 2<sup>10</sup>, 2<sup>20</sup>). 0 is no limit.
 *
 * @param down bits a second to the subscriber
 * @param up bits a second from the subscriber
 * @param downBurst octets that may go at once beyond the rate; 0: what suits the rate
 * @param upBurst octets that may come at once
 * @param packets packets a second, for each direction by itself
 */
public record RateLimits(long down, long up, long downBurst, long upBurst, int packets) {
    public static final RateLimits NONE = new RateLimits(0, 0, 0, 0, 0);

    /** What is allowed for {@code down} and {@code up}, in words. */
    public static final String RATES = "off, or bits a second from 8k to 64G, such as 20M";

    /** What is allowed for {@code down-burst} and {@code up-burst}, in words. */
    public static final String BURSTS = "auto, or octets from 9000 to 1024M, such as 256K";

    /** What is allowed for {@code packets}, in words. */
    public static final String PACKETS = "off, or packets a second from 10 to 100M, such as 20000";

    private static final long SMALLEST_RATE = 8_000;
    private static final long LARGEST_RATE = 64_000_000_000L;

    /** A packet of the largest link MTU: with less, it could never pass. */
    private static final long SMALLEST_BURST = 9_000;

    private static final long LARGEST_BURST = 1L << 30;
    private static final long SMALLEST_PACKETS = 10;
    private static final long LARGEST_PACKETS = 100_000_000;
    private static final int DECIMAL = 1_000;
    private static final int BINARY = 1_024;
    private static final Pattern NUMBER = Pattern.compile("([0-9]{1,15}(?:\\.[0-9]{1,9})?)([kKMG]?)");

    public RateLimits {
        check("down", down, SMALLEST_RATE, LARGEST_RATE, RATES);
        check("up", up, SMALLEST_RATE, LARGEST_RATE, RATES);
        check("down-burst", downBurst, SMALLEST_BURST, LARGEST_BURST, BURSTS);
        check("up-burst", upBurst, SMALLEST_BURST, LARGEST_BURST, BURSTS);
        check("packets", packets, SMALLEST_PACKETS, LARGEST_PACKETS, PACKETS);
    }

    /** These limits but for what a word such as {@code down=20M} says. */
    public RateLimits with(String word) {
        int equals = word.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException("'" + word + "' is not of the form name=value");
        }
        return with(word.substring(0, equals), word.substring(equals + 1));
    }

    /** These limits but for the one of this name. */
    public RateLimits with(String name, String value) {
        return switch (name) {
            case "down" -> new RateLimits(rate(name, value), up, downBurst, upBurst, packets);
            case "up" -> new RateLimits(down, rate(name, value), downBurst, upBurst, packets);
            case "down-burst" -> new RateLimits(down, up, burst(name, value), upBurst, packets);
            case "up-burst" -> new RateLimits(down, up, downBurst, burst(name, value), packets);
            case "packets" -> new RateLimits(down, up, downBurst, upBurst, packetRate(value));
            default ->
                throw new IllegalArgumentException(
                        "no such limit: '" + name + "'; there are down, up, down-burst, up-burst and packets");
        };
    }

    /** As words that {@link #with(String)} understands; {@code none} for no limit. */
    @Override
    public String toString() {
        List<String> words = new ArrayList<>();
        word(words, "down", down, DECIMAL);
        word(words, "up", up, DECIMAL);
        word(words, "down-burst", downBurst, BINARY);
        word(words, "up-burst", upBurst, BINARY);
        word(words, "packets", packets, DECIMAL);
        return words.isEmpty() ? "none" : String.join(" ", words);
    }

    private static void word(List<String> words, String name, long value, int unit) {
        if (value != 0) {
            words.add(name + "=" + shown(value, unit));
        }
    }

    /** With the largest unit that leaves a whole number. */
    private static String shown(long value, int unit) {
        long left = value;
        int power = 0;
        while (power < 3 && left % unit == 0) {
            left /= unit;
            power++;
        }
        String[] units = {"", unit == DECIMAL ? "k" : "K", "M", "G"};
        return left + units[power];
    }

    private static long rate(String name, String text) {
        return text.equals("off") ? 0 : positive(name, text, DECIMAL, RATES);
    }

    private static long burst(String name, String text) {
        return text.equals("auto") ? 0 : positive(name, text, BINARY, BURSTS);
    }

    private static int packetRate(String text) {
        return text.equals("off") ? 0 : (int) Math.min(Integer.MAX_VALUE, positive("packets", text, DECIMAL, PACKETS));
    }

    private static long positive(String name, String text, int unit, String right) {
        Matcher matcher = NUMBER.matcher(text);
        if (!matcher.matches()) {
            throw wrong(name, right);
        }
        int power = switch (matcher.group(2)) {
            case "k", "K" -> 1;
            case "M" -> 2;
            case "G" -> 3;
            default -> 0;
        };
        BigDecimal value = new BigDecimal(matcher.group(1))
                .multiply(BigDecimal.valueOf(unit).pow(power));
        if (value.signum() == 0 || value.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw wrong(name, right);
        }
        return value.longValue();
    }

    private static void check(String name, long value, long least, long most, String right) {
        if (value != 0 && (value < least || value > most)) {
            throw wrong(name, right);
        }
    }

    private static IllegalArgumentException wrong(String name, String right) {
        return new IllegalArgumentException(name + " is " + right);
    }
}
