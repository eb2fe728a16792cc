package io.warren.app;

import akka.cluster.Member;
import akka.cluster.MemberStatus;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * The rule of the split-brain resolver's keep-majority, to be asked by one side about itself: who sees more than half of
 * the members stays; of two halves the one with the lowest address. Only members with a vote count: up or leaving.
 */
final class Majority {
    private static final Set<MemberStatus> VOTING = Set.of(MemberStatus.up(), MemberStatus.leaving());

    private Majority() {}

    static boolean isVoting(Member member) {
        return VOTING.contains(member.status());
    }

    /**
     * Whether the side that sees it so is to go.
     *
     * @param unreachable of the members, those that are not seen
     */
    static boolean isLost(Collection<Member> members, Set<Member> unreachable) {
        List<Member> voting = members.stream()
                .filter(Majority::isVoting)
                .sorted(Member.ordering())
                .toList();
        long seen =
                voting.stream().filter(member -> !unreachable.contains(member)).count();
        if (voting.isEmpty() || seen * 2 > voting.size()) {
            return false;
        }
        return seen * 2 < voting.size() || unreachable.contains(voting.getFirst());
    }
}
