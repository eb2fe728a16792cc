package io.warren.control.session;

import io.warren.control.ipv6.HostLink;
import io.warren.control.ipv6.LinkRouter;
import io.warren.control.ipv6.RouterSettings;
import io.warren.control.session.SessionState.Advertising;
import io.warren.control.session.SessionState.Established;
import io.warren.control.session.SessionState.Live;
import io.warren.ppp.LinkParameters;
import io.warren.wire.Bytes;
import io.warren.wire.ipv6.Ipv6Packet;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The router that a subscriber with IPv6 finds at our end: when it speaks, by the clock or since it was asked. */
final class CallRouter {
    /** The host may be slower to have its interface ready than we are. */
    private static final long[] FIRST_PAUSES = {
        Duration.ofMillis(200).toNanos(),
        Duration.ofSeconds(3).toNanos(),
        Duration.ofSeconds(16).toNanos()
    };

    /** Whoever asks more often than that waits. */
    private static final long LEAST_PAUSE = Duration.ofMillis(250).toNanos();

    private CallRouter() {}

    /** What is to be told has changed, or can be told now; or it cannot be told any more. */
    static Live changed(SessionStep step, Live live, LinkParameters link) {
        RouterSettings settings = step.settings().router();
        return live.with(
                settings == null || link.ipv6() == null
                        ? Advertising.NONE
                        : new Advertising(step.moment().nanos() + FIRST_PAUSES[0], Long.MIN_VALUE, 1));
    }

    /** The call goes on after a restart: all was told before, and not all routers need to speak at once. */
    static Advertising resumed(SessionStep step, LinkParameters link) {
        RouterSettings settings = step.settings().router();
        if (settings == null || link.ipv6() == null) {
            return Advertising.NONE;
        }
        long pause = step.moment().random().nextLong(settings.advertiseEvery().toNanos());
        return new Advertising(step.moment().nanos() + pause, Long.MIN_VALUE, FIRST_PAUSES.length);
    }

    /** Null when nothing is to be answered. */
    static @Nullable Bytes received(SessionStep step, Established call, Live live, Bytes packet) {
        Optional<HostLink> link = link(call);
        RouterSettings settings = step.settings().router();
        if (link.isEmpty() || settings == null) {
            return null;
        }
        return switch (LinkRouter.received(packet, link.get(), settings)) {
            case LinkRouter.Reaction.None _ -> null;
            case LinkRouter.Reaction.Answer(Ipv6Packet answer) -> answer.encode();
            case LinkRouter.Reaction.Advertise _ -> {
                step.become(call.with(live.with(soon(step, live.advertising()))));
                yield null;
            }
        };
    }

    private static Advertising soon(SessionStep step, Advertising now) {
        long last = now.last();
        long due = last == Long.MIN_VALUE
                ? step.moment().nanos()
                : Math.max(step.moment().nanos(), last + LEAST_PAUSE);
        return new Advertising(Math.min(now.next(), due), last, now.count());
    }

    /** The advertisement that is due now; null when none is. */
    static @Nullable Bytes due(SessionStep step, Established call, Live live) {
        long now = step.moment().nanos();
        Advertising before = live.advertising();
        RouterSettings settings = step.settings().router();
        Optional<HostLink> link = link(call);
        if (now < before.next() || settings == null) {
            return null;
        }
        if (link.isEmpty()) {
            step.become(call.with(live.with(Advertising.NONE)));
            return null;
        }
        long pause = before.count() < FIRST_PAUSES.length
                ? FIRST_PAUSES[before.count()]
                : jittered(step, settings.advertiseEvery());
        step.become(call.with(
                live.with(new Advertising(now + pause, now, Math.min(before.count() + 1, FIRST_PAUSES.length)))));
        return LinkRouter.advertisement(link.get(), settings).encode();
    }

    /** RFC 4861 §6.2.4: at random, so that many routers do not speak at once. */
    private static long jittered(SessionStep step, Duration interval) {
        long most = interval.toNanos();
        return most - step.moment().random().nextLong(most / 4 + 1);
    }

    private static Optional<HostLink> link(Established call) {
        SessionEvent.NetworkUp network = call.network();
        return network == null || Forwarding.isLac(call)
                ? Optional.empty()
                : HostLink.of(network.link(), call.profile().ipv6());
    }
}
