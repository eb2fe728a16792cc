package io.warren.management;

import io.warren.control.port.SessionKey;
import io.warren.management.api.Page;
import io.warren.management.api.SessionView;
import io.warren.management.api.TunnelView;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which tunnels or calls are wanted. A filter that is null admits all.
 *
 * @param user exact name (calls only)
 * @param peer the other end: its address, its address and port, or its Host Name
 * @param address the subscriber's address (calls only)
 * @param limit entries per page, 1 to {@link #MOST}
 * @param after the id after which the page begins; null: from the start
 */
public record Selection(
        @Nullable String user,
        @Nullable String peer,
        @Nullable String address,
        int limit,
        @Nullable String after) {
    /** The largest page. */
    public static final int MOST = 1000;

    /** Everything, from the start. */
    public static final Selection ALL = new Selection(null, null, null, MOST, null);

    /** The Tunnel ID after which the page begins, 0 for the start. */
    public int afterTunnel() {
        return after == null ? 0 : Ids.tunnel(after).orElse(0);
    }

    /** The call after which the page begins; {@code 0-0} for the start. */
    public SessionKey afterSession() {
        return Optional.ofNullable(after).flatMap(Ids::session).orElse(new SessionKey(0, 0));
    }

    public boolean admits(TunnelView tunnel) {
        return peer == null || isPeer(peer, tunnel.peer(), tunnel.peerHost());
    }

    public boolean admits(SessionView session) {
        return (user == null || user.equals(session.user()))
                && (address == null || address.equals(session.address()))
                && (peer == null || isPeer(peer, session.peer(), session.peerHost()));
    }

    private static boolean isPeer(String wanted, String endpoint, @Nullable String host) {
        return wanted.equals(endpoint)
                || wanted.equals(host)
                || (endpoint.startsWith(wanted) && endpoint.indexOf(':', wanted.length()) == wanted.length())
                || endpoint.startsWith("[" + wanted + "]:");
    }

    /** A page of tunnels out of {@code tunnels}, which come in order and begin after {@link #afterTunnel}. */
    public Page<TunnelView> tunnelPage(Stream<TunnelView> tunnels) {
        return page(tunnels.filter(this::admits), tunnel -> Integer.toString(tunnel.id()));
    }

    /** A page of calls out of {@code sessions}, which come in order and begin after {@link #afterSession}. */
    public Page<SessionView> sessionPage(Stream<SessionView> sessions) {
        return page(sessions.filter(this::admits), SessionView::id);
    }

    private <T> Page<T> page(Stream<T> admitted, Function<T, String> id) {
        List<T> oneMore = admitted.limit(limit + 1L).toList();
        if (oneMore.size() <= limit) {
            return new Page<>(oneMore, null);
        }
        List<T> items = oneMore.subList(0, limit);
        return new Page<>(items, id.apply(items.getLast()));
    }
}
