package io.warren.radius;

import io.warren.control.port.SubscriberAuthority.Rates;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The rates of a call in the attributes that servers have for them today. The first of these that is there counts:
 * Mikrotik-Rate-Limit, WISPr-Bandwidth-Max-Up and -Down, a Filter-Id of the form {@code down/up} in kbit/s, or of one
 * number for both.
 */
final class RateAttributes {
    private static final Pattern FILTER = Pattern.compile("([0-9]{1,9})(?:[/:]([0-9]{1,9}))?");

    /**
     * {@code rx[/tx]}, then bursts, thresholds, times and a priority that a policer has no use for. rx is what the router
     * receives of the subscriber.
     */
    private static final Pattern MIKROTIK = Pattern.compile("([0-9]{1,9})([kMG]?)(?:/([0-9]{1,9})([kMG]?))?(?: .*)?");

    private RateAttributes() {}

    static @Nullable Rates rates(Attributes attributes) {
        String mikrotik = attributes.text(VendorAttribute.MIKROTIK_RATE_LIMIT);
        if (mikrotik != null) {
            Rates rates = mikrotik(mikrotik);
            if (rates != null) {
                return rates;
            }
        }
        Integer up = attributes.integer(VendorAttribute.WISPR_BANDWIDTH_MAX_UP);
        Integer down = attributes.integer(VendorAttribute.WISPR_BANDWIDTH_MAX_DOWN);
        if (up != null || down != null) {
            return new Rates(unsigned(up), unsigned(down));
        }
        return attributes
                .texts(RadiusAttribute.FILTER_ID)
                .map(FILTER::matcher)
                .filter(Matcher::matches)
                .findFirst()
                .map(found -> new Rates(
                        1_000 * Long.parseLong(found.group(found.group(2) == null ? 1 : 2)),
                        1_000 * Long.parseLong(found.group(1))))
                .orElse(null);
    }

    /** Whether a Filter-Id is no name of a filter. */
    static boolean isRate(String filter) {
        return FILTER.matcher(filter).matches();
    }

    private static @Nullable Rates mikrotik(String text) {
        Matcher found = MIKROTIK.matcher(text.strip());
        if (!found.matches()) {
            return null;
        }
        long up = scaled(found.group(1), found.group(2));
        return new Rates(up, found.group(3) == null ? up : scaled(found.group(3), found.group(4)));
    }

    private static long scaled(String number, String unit) {
        return Long.parseLong(number)
                * switch (unit) {
                    case "k" -> 1_000;
                    case "M" -> 1_000_000;
                    case "G" -> 1_000_000_000L;
                    default -> 1;
                };
    }

    private static long unsigned(@Nullable Integer value) {
        return value == null ? 0 : Integer.toUnsignedLong(value);
    }
}
