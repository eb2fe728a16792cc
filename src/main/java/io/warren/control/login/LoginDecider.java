package io.warren.control.login;

import io.warren.control.port.SessionKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.pcollections.PMap;

/** Decides whether a user may have one more call. */
final class LoginDecider {
    private LoginDecider() {}

    /** The answer, and what is to be remembered from now on. */
    record Decision(LoginVerdict verdict, Remembered remembered) {}

    /**
     * @param before what is remembered of this user
     * @param found what all nodes say now: the user's calls, and those that are remembered or claim. A call on its way
     *     from a node to another may be in it twice
     */
    static Decision decide(Remembered before, Claim claim, Collection<Login> found) {
        Map<String, Login> there = byId(found);
        Remembered known = stillNeeded(before, there);
        Login own = there.get(claim.id());
        if (own == null || own.ending() || known.replaced().containsKey(claim.id())) {
            return new Decision(new LoginVerdict.Gone(), known);
        }
        if (own.user().equals(claim.user())) {
            // Authentication anew of a call that is his already is no new login.
            return new Decision(new LoginVerdict.Admitted(List.of()), known);
        }
        List<Login> others = there.values().stream()
                .filter(login -> !login.id().equals(claim.id()))
                .filter(login -> isHis(login, claim.user(), known))
                .sorted(Login.BY_AGE)
                .toList();
        int tooMany = others.size() - claim.limit() + 1;
        if (tooMany > 0 && !claim.replaces()) {
            return new Decision(
                    new LoginVerdict.Refused(others.stream().map(Login::key).toList()), known);
        }
        List<Login> victims = others.subList(0, Math.clamp(tooMany, 0, others.size()));
        Set<SessionKey> madeRoom = new LinkedHashSet<>();
        if (known.admitted().containsKey(claim.id())) {
            // The answer was lost, perhaps; those who made room then may have the address yet.
            madeRoom.addAll(known.replaced().values());
        }
        PMap<String, SessionKey> replaced = known.replaced();
        for (Login victim : victims) {
            replaced = replaced.plus(victim.id(), victim.key());
            madeRoom.add(victim.key());
        }
        return new Decision(
                new LoginVerdict.Admitted(List.copyOf(madeRoom)),
                new Remembered(known.admitted().plus(claim.id(), claim.key()), replaced));
    }

    /** What is still to be remembered, when all nodes say this of what is. */
    static Remembered look(Remembered before, Collection<Login> found) {
        return stillNeeded(before, byId(found));
    }

    /** Calls that are to be ended and do not know it yet: they may not have been told. */
    static List<SessionKey> notEnding(Remembered remembered, Collection<Login> found) {
        return byId(found).values().stream()
                .filter(login -> !login.ending() && remembered.replaced().containsKey(login.id()))
                .map(Login::key)
                .toList();
    }

    private static Map<String, Login> byId(Collection<Login> found) {
        Map<String, Login> there = new HashMap<>();
        found.forEach(login -> there.merge(login.id(), login, Login::with));
        return there;
    }

    private static boolean isHis(Login login, String user, Remembered known) {
        boolean his = login.user().equals(user)
                || (login.user().isEmpty() && known.admitted().containsKey(login.id()));
        return his && !login.ending() && !known.replaced().containsKey(login.id());
    }

    /** Who is let in is remembered until his node knows it, a call that is to be ended until it is over. */
    private static Remembered stillNeeded(Remembered before, Map<String, Login> there) {
        PMap<String, SessionKey> admitted = before.admitted();
        for (String id : before.admitted().keySet()) {
            Login login = there.get(id);
            if (login == null || login.ending() || !login.user().isEmpty()) {
                admitted = admitted.minus(id);
            }
        }
        PMap<String, SessionKey> replaced = before.replaced();
        for (String id : before.replaced().keySet()) {
            if (!there.containsKey(id)) {
                replaced = replaced.minus(id);
            }
        }
        return new Remembered(admitted, replaced);
    }
}
