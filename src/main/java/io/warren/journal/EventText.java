package io.warren.journal;

import io.warren.config.Ipv4;
import io.warren.control.cluster.address.BlockEvent;
import io.warren.control.cluster.address.BlockSnapshot;
import io.warren.control.cluster.address.LoanEvent;
import io.warren.control.cluster.address.LoanSnapshot;
import io.warren.control.port.SessionCounters;
import io.warren.control.port.SubscriberIpv6;
import io.warren.control.port.SubscriberProfile;
import io.warren.control.port.SubscriberTerms;
import io.warren.control.session.SessionEvent;
import io.warren.control.tunnel.CallOffer;
import io.warren.control.tunnel.TunnelEvent;
import io.warren.control.tunnel.TunnelSnapshot;
import io.warren.ppp.LinkParameters;
import io.warren.wire.l2tp.DisconnectCause;
import io.warren.wire.l2tp.ResultCode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Events in words, one line each, for operators. Never holds a secret; what a peer sent is shortened and made
 * printable.
 */
public final class EventText {
    private static final int LONGEST = 80;

    private EventText() {}

    /** Of any event or snapshot. */
    public static String describe(Object event) {
        return switch (event) {
            case TunnelEvent tunnel -> describe(tunnel);
            case SessionEvent session -> describe(session);
            case TunnelSnapshot snapshot -> "snapshot with " + snapshot.calls().size() + " calls";
            case BlockEvent block -> describe(block);
            case LoanEvent loan -> describe(loan);
            case BlockSnapshot blocks -> "snapshot with " + blocks.leases().size() + " blocks";
            case LoanSnapshot loans -> "snapshot with " + loans.loans().size() + " loans";
            default -> event.getClass().getSimpleName();
        };
    }

    private static String describe(BlockEvent event) {
        return switch (event) {
            case BlockEvent.BlockLeased(var _, int shard, int first, int prefix) ->
                "block leased: " + Ipv4.dotted(first) + "/" + prefix + " to shard " + shard;
            case BlockEvent.BlockReturned(var _, int shard, int first) ->
                "block returned: " + Ipv4.dotted(first) + " by shard " + shard;
            case BlockEvent.BlocksClaimed(var _, int shard) -> "blocks claimed: by the new owner of shard " + shard;
        };
    }

    private static String describe(LoanEvent event) {
        return switch (event) {
            case LoanEvent.AddressLent(var _, int address, var key, long _) ->
                "address lent: " + Ipv4.dotted(address) + " to call " + key;
            case LoanEvent.AddressReturned(var _, int address) -> "address returned: " + Ipv4.dotted(address);
        };
    }

    public static String describe(TunnelEvent event) {
        return switch (event) {
            case TunnelEvent.TunnelOffered e ->
                "offered: tunnel asked for by " + peer(e.peerHostName(), e.peerVendorName()) + " "
                        + e.path().remote() + ", its id " + e.peerTunnelId() + ", window " + e.peerReceiveWindow();
            case TunnelEvent.TunnelRequested e ->
                "requested: tunnel asked of " + e.path().remote();
            case TunnelEvent.TunnelEstablished e ->
                "established: tunnel with " + peer(e.peerHostName(), e.peerVendorName()) + " "
                        + e.path().remote() + ", its id " + e.peerTunnelId() + ", window " + e.peerReceiveWindow();
            case TunnelEvent.CallOffered e ->
                (e.call().initiator() ? "call placed: session " : "call offered: session ")
                        + e.call().key().sessionId() + ", " + call(e.call());
            case TunnelEvent.CallRefused e ->
                "call refused: the peer's session " + e.peerSessionId() + ", " + result(e.result());
            case TunnelEvent.MessageSent e ->
                "message sent: " + (e.sessionId() == 0 ? "about sessions" : "session " + e.sessionId()) + ", number "
                        + e.message().ns();
            case TunnelEvent.CallEnded e ->
                "call ended: session " + e.sessionId() + (e.cdn() == null ? ", by the peer" : ", by us");
            case TunnelEvent.RecoveryOffered e ->
                "recovery offered: to " + e.path().remote() + ", which failed, in tunnel " + e.recoveryTunnelId()
                        + ", its id " + e.peerTunnelId();
            case TunnelEvent.TunnelRecovered e -> "recovered: our number " + e.ns() + ", the peer's " + e.nr();
            case TunnelEvent.RecoveryEnded e ->
                "recovery ended: tunnel " + e.recoveryTunnelId() + ", by " + printable(e.by());
            case TunnelEvent.NumbersNoted e -> "numbers noted: ours " + e.ns() + ", the peer's " + e.nr();
            case TunnelEvent.TunnelClosed e -> "closed by " + printable(e.by()) + ": " + result(e.result());
        };
    }

    public static String describe(SessionEvent event) {
        return switch (event) {
            case SessionEvent.Connected e -> connected(e);
            case SessionEvent.NetworkUp(var _, var user, var link, var permitted, var limits, var profile, var _) ->
                "network up: " + (user.isEmpty() ? "no user" : "user " + printable(user)) + ", "
                        + (link.withoutIpv4() ? "no IPv4" : "address " + Ipv4.dotted(link.peerAddress()))
                        + (link.ipv6() == null ? "" : ", IPv6") + ", MRU " + mru(link)
                        + (link.mppeBits() == 0 ? "" : ", MPPE with " + link.mppeBits() + " bits")
                        + (permitted.isEmpty() ? "" : ", may use " + printable(String.join(" ", permitted)))
                        + (limits == null ? "" : ", limits " + limits.inBits())
                        + (profile == null ? "" : profile(profile));
            case SessionEvent.LimitsChanged(var _, var limits, var by) ->
                "limits changed by " + printable(by) + ": " + limits.inBits();
            case SessionEvent.TimeoutsChanged(var _, int session, int idle, var by, var until) ->
                "timeouts changed by " + printable(by) + ": "
                        + (session == 0 ? "for ever" : "at most " + session + " s")
                        + (idle == 0 ? "" : ", idle at most " + idle + " s")
                        + (until == null ? "" : ", until " + until);
            case SessionEvent.FiltersChanged(var _, var filters, var by) ->
                "filters changed by " + printable(by) + ": "
                        + (filters.isEmpty() ? "none" : printable(String.join(", ", filters)));
            case SessionEvent.AccountingStarted _ -> "accounting started: the server knows of the call";
            case SessionEvent.TrafficNoted(var _, var total, var _, var _) ->
                "traffic noted: up " + traffic(total.upPackets(), total.upOctets()) + ", down "
                        + traffic(total.downPackets(), total.downOctets());
            case SessionEvent.Over e -> "over, accounting owed: " + closed(e.settled());
            case SessionEvent.Closed e -> closed(e);
        };
    }

    private static String profile(SubscriberProfile profile) {
        StringBuilder text = new StringBuilder();
        if (profile.sessionTimeout() != 0) {
            text.append(", at most ").append(profile.sessionTimeout()).append(" s");
        }
        if (profile.idleTimeout() != 0) {
            text.append(", idle at most ").append(profile.idleTimeout()).append(" s");
        }
        if (!profile.filters().isEmpty()) {
            text.append(", filters ").append(printable(String.join(" ", profile.filters())));
        }
        SubscriberIpv6 ipv6 = profile.ipv6();
        if (ipv6 != null) {
            ipv6.prefixes().forEach(prefix -> text.append(", prefix ").append(prefix));
            ipv6.delegated().forEach(prefix -> text.append(", delegated ").append(prefix));
        }
        return text.append(terms(profile.ownTerms())).toString();
    }

    private static String terms(SubscriberTerms terms) {
        StringBuilder text = new StringBuilder();
        terms.routes().ipv4().forEach(route -> text.append(", route ").append(route));
        terms.routes().ipv6().forEach(route -> text.append(", route ").append(route));
        return text.append(terms.mtu() == 0 ? "" : ", MTU " + terms.mtu())
                .append(terms.until() == null ? "" : ", until " + terms.until())
                .append(terms.withoutIpv6() ? ", without IPv6" : "")
                .toString();
    }

    private static String connected(SessionEvent.Connected event) {
        StringBuilder text = new StringBuilder("connected: ").append(call(event.call()));
        text.append(", tx ").append(speed(event.txConnectSpeed()));
        if (event.rxConnectSpeed() != 0) {
            text.append(", rx ").append(speed(event.rxConnectSpeed()));
        }
        return text.append(event.sequencingRequired() ? ", data numbered" : "").toString();
    }

    private static String closed(SessionEvent.Closed event) {
        StringBuilder text = new StringBuilder("closed by ").append(printable(event.by()));
        if (!event.reason().isEmpty()) {
            text.append(": ").append(printable(event.reason()));
        }
        if (event.result() != null) {
            text.append(", ").append(result(event.result()));
        }
        if (event.disconnectCause() != null) {
            text.append(", ").append(cause(event.disconnectCause()));
        }
        SessionCounters moved = event.counters();
        text.append("; up ").append(traffic(moved.upPackets(), moved.upOctets()));
        text.append(", down ").append(traffic(moved.downPackets(), moved.downOctets()));
        return text.append(moved.drops() == 0 ? "" : ", " + moved.drops() + " dropped")
                .toString();
    }

    private static String call(CallOffer call) {
        StringBuilder text = new StringBuilder("call");
        if (call.callingNumber() != null) {
            text.append(" from ").append(printable(call.callingNumber()));
        }
        if (call.calledNumber() != null) {
            text.append(" to ").append(printable(call.calledNumber()));
        }
        text.append(call.initiator() ? " at " : " by ").append(peer(call.peerHostName(), null));
        return text.append(' ').append(call.path().remote()).toString();
    }

    private static String peer(String hostName, @Nullable String vendorName) {
        String name = hostName.isEmpty() ? "a peer without name" : printable(hostName);
        return vendorName == null || vendorName.isEmpty() ? name : name + " (" + printable(vendorName) + ")";
    }

    private static String result(ResultCode result) {
        StringBuilder text = new StringBuilder("result ").append(result.code());
        if (result.errorCode() != null) {
            text.append(", error ").append(result.errorCode());
        }
        if (result.message() != null && !result.message().isEmpty()) {
            text.append(" (").append(printable(result.message())).append(')');
        }
        return text.toString();
    }

    private static String cause(DisconnectCause cause) {
        String text = "PPP disconnect cause " + cause.code();
        return cause.message().isEmpty() ? text : text + " (" + printable(cause.message()) + ")";
    }

    private static String mru(LinkParameters link) {
        return link.localMru() + " in, " + link.peerMru() + " out";
    }

    private static String traffic(long packets, long octets) {
        return packets + " packets " + octets + " octets";
    }

    /** In the largest unit that keeps it whole or above ten. */
    private static String speed(long bitsPerSecond) {
        if (bitsPerSecond >= 10_000_000_000L) {
            return scaled(bitsPerSecond, 1_000_000_000L, "Gbit/s");
        }
        if (bitsPerSecond >= 1_000_000L) {
            return scaled(bitsPerSecond, 1_000_000L, "Mbit/s");
        }
        return bitsPerSecond >= 1_000L ? scaled(bitsPerSecond, 1_000L, "kbit/s") : bitsPerSecond + " bit/s";
    }

    private static String scaled(long value, long unit, String name) {
        return value % unit == 0
                ? value / unit + " " + name
                : String.format(Locale.ROOT, "%.1f %s", (double) value / unit, name);
    }

    private static String printable(String text) {
        StringBuilder clean = new StringBuilder(Math.min(text.length(), LONGEST));
        text.codePoints()
                .limit(LONGEST)
                .map(c -> Character.isISOControl(c) || !Character.isDefined(c) || isFormat(c) ? '?' : c)
                .forEach(clean::appendCodePoint);
        return text.codePointCount(0, text.length()) > LONGEST
                ? clean.append('…').toString()
                : clean.toString();
    }

    /** Characters that change how others look: direction marks, line separators, half a surrogate pair. */
    private static boolean isFormat(int character) {
        return switch (Character.getType(character)) {
            case Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE -> true;
            default -> false;
        };
    }
}
