package io.warren.cli;

import io.warren.config.RateLimits;
import io.warren.management.api.LimitsView;
import io.warren.management.api.SessionView;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code warren limit …}: changes what a call may use, while it is up. What is not named stays as it is. */
@Command(
        name = "limit",
        description = "Change what a call may use, at once and until it ends.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "down and up are bits a second (k, M, G), down-burst and up-burst octets (K, M),",
            "packets are per second; off lifts one limit, none all of them.",
            "",
            "Examples:",
            "  warren limit 17-4 down=20M up=5M",
            "  warren limit 17-4 packets=20000 up-burst=256K",
            "  warren limit 17-4 up=off",
            "  warren limit 17-4 none"
        })
final class LimitCommand implements Callable<Integer> {
    private static final String NONE = "none";

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private NodeOptions node;

    @Parameters(index = "0", paramLabel = "ID", description = "The call: tunnel-session, as in 17-4.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String id;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "NAME=VALUE", description = "The limits, or none.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private List<String> words;

    @Override
    public Integer call() {
        String path = "/l2tp/sessions/" + Target.session(spec.commandLine(), id);
        // a mistake is found before the node is asked anything
        changed(RateLimits.NONE);
        NodeClient client = node.client();
        RateLimits limits = changed(limits(client.get(path, SessionView.class).limits()));
        LimitsView accepted = client.put(path + "/limits", view(limits), LimitsView.class);
        node.print(
                spec.commandLine().getOut(), accepted, out -> out.println("limiting " + id + ": " + limits(accepted)));
        return 0;
    }

    private RateLimits changed(RateLimits before) {
        if (words.equals(List.of(NONE))) {
            return RateLimits.NONE;
        }
        RateLimits limits = before;
        for (String word : words) {
            try {
                limits = limits.with(word);
            } catch (IllegalArgumentException e) {
                throw new CommandLine.ParameterException(
                        spec.commandLine(), "'" + word + "' is no limit: " + e.getMessage() + ".");
            }
        }
        return limits;
    }

    /** As the command has them; no limits for a call that has none. */
    static RateLimits limits(@Nullable LimitsView view) {
        return view == null
                ? RateLimits.NONE
                : new RateLimits(
                        view.downBitsPerSecond(),
                        view.upBitsPerSecond(),
                        view.downBurstOctets(),
                        view.upBurstOctets(),
                        view.packetsPerSecond());
    }

    private static LimitsView view(RateLimits limits) {
        return new LimitsView(limits.down(), limits.up(), limits.downBurst(), limits.upBurst(), limits.packets());
    }
}
