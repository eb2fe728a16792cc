package io.warren.control.ingress;

import io.warren.control.port.SessionKey;
import io.warren.control.session.CallLogin;
import io.warren.control.session.SessionState;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePSet;
import org.pcollections.PSet;

/** Which calls of this node a user has, without looking at all of them. Safe to use from any thread. */
final class CallsOfUsers {
    private final Map<String, PSet<SessionKey>> calls = new ConcurrentHashMap<>();

    /** To be told of each change of a call, in order; null where there is none. */
    void changed(SessionKey key, @Nullable SessionState before, @Nullable SessionState after) {
        String old = before == null ? "" : CallLogin.user(before);
        String now = after == null ? "" : CallLogin.user(after);
        if (old.equals(now)) {
            return;
        }
        if (!old.isEmpty()) {
            calls.computeIfPresent(old, (_, keys) -> {
                PSet<SessionKey> others = keys.minus(key);
                return others.isEmpty() ? null : others;
            });
        }
        if (!now.isEmpty()) {
            calls.merge(now, HashTreePSet.singleton(key), PSet::plusAll);
        }
    }

    Set<SessionKey> of(String user) {
        return calls.getOrDefault(user, HashTreePSet.empty());
    }
}
