package io.warren.control.access;

import io.warren.config.Cidr;
import java.util.ArrayList;
import java.util.List;

/**
 * One word of a user's addresses: may he have them, or (with {@code !}) not. Rules are tried in order and the first
 * that covers an address decides; what no rule covers is not allowed.
 */
record AddressRule(boolean permits, Cidr range) {
    /** What {@code *} stands for. */
    static final Cidr ANY = new Cidr(0, 0);

    /** What these rules allow, as ranges: without what an earlier rule denies. */
    static List<Cidr> permitted(List<AddressRule> rules) {
        List<Cidr> permitted = new ArrayList<>();
        List<Cidr> denied = new ArrayList<>();
        for (AddressRule rule : rules) {
            if (rule.permits()) {
                permitted.addAll(without(rule.range(), denied));
            } else {
                denied.add(rule.range());
            }
        }
        return List.copyOf(permitted);
    }

    private static List<Cidr> without(Cidr range, List<Cidr> denied) {
        List<Cidr> left = List.of(range);
        for (Cidr hole : denied) {
            left = left.stream().flatMap(part -> part.minus(hole).stream()).toList();
        }
        return left;
    }
}
