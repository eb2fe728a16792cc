package io.warren.it;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** xl2tpd and pppd in a {@link Guest}, as a client that dials. */
final class LinuxClient {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    /**
     * One dial. Only what differs between tests; see client-dial.
     *
     * @param auth {@code pap}, {@code chap}, {@code mschap-v2} or {@code eap}: the only method that pppd does not refuse
     * @param mode {@code kernel} (l2tp_ppp) or {@code pty} (data through xl2tpd)
     */
    record Dial(
            String name,
            String user,
            String password,
            String auth,
            String mode,
            @Nullable String secret) {
        private List<String> arguments(String lns) {
            List<String> words = new ArrayList<>(List.of(
                    "name=" + name,
                    "lns=" + lns,
                    "user=" + user,
                    "password=" + password,
                    "auth=" + auth,
                    "mode=" + mode));
            if (secret != null) {
                words.add("secret=" + secret);
            }
            return words;
        }
    }

    /** What client-dial reported. */
    record Outcome(Map<String, String> facts) {
        boolean up() {
            return "yes".equals(facts.get("up"));
        }

        String fact(String name) {
            return facts.getOrDefault(name, "");
        }

        double seconds() {
            return Double.parseDouble(fact("seconds"));
        }
    }

    private final Guest guest;
    private final String lns;
    private final String behind;

    LinuxClient(Guest guest) {
        this(guest, Topology.LNS_ADDRESS, "198.51.100.0/24");
    }

    /**
     * @param lns whom it calls
     * @param behind the network that is reached through the call
     */
    LinuxClient(Guest guest, String lns, String behind) {
        this.guest = guest;
        this.lns = lns;
        this.behind = behind;
    }

    /**
     * Dials with more words for client-dial.
     *
     * @param words such as {@code until=up6}
     */
    Outcome dial(Dial dial, String... words) {
        List<String> arguments = new ArrayList<>(dial.arguments(lns));
        arguments.addAll(List.of(words));
        return new Outcome(
                facts(guest.script(PATIENCE, "client-dial", arguments).output()));
    }

    /** Dials, must come up, and routes what is behind the LNS through the call. */
    Outcome connect(Dial dial) {
        Outcome outcome = dial(dial);
        if (!outcome.up()) {
            throw new AssertionError("the call did not come up: " + outcome);
        }
        guest.run(PATIENCE, "ip route replace " + behind + " dev ppp0");
        return outcome;
    }

    /** LCP Terminate, CDN, StopCCN. Without a call it does nothing. */
    Map<String, String> hangUp() {
        return facts(guest.script(PATIENCE, "client-hangup", List.of()).output());
    }

    String pppdLog(Dial dial) {
        return guest.log(dial.name() + "/pppd.log");
    }

    String xl2tpdLog(Dial dial) {
        return guest.log(dial.name() + "/xl2tpd.log");
    }

    private static Map<String, String> facts(String output) {
        Map<String, String> facts = new HashMap<>();
        output.lines().filter(line -> line.contains("=")).forEach(line -> {
            int equals = line.indexOf('=');
            facts.put(line.substring(0, equals), line.substring(equals + 1).strip());
        });
        return facts;
    }
}
