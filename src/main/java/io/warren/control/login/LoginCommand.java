package io.warren.control.login;

import akka.actor.typed.ActorRef;
import io.warren.control.cluster.ClusterMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a {@link LoginDesk} is told. */
public sealed interface LoginCommand extends ClusterMessage {
    /** May he? Who asks twice gets the same answer, unless something happened in between. */
    record Ask(Claim claim, ActorRef<LoginVerdict> replyTo) implements LoginCommand {}

    /**
     * To itself: what all nodes say of a user.
     *
     * @param logins none when not all have answered
     * @param confirmed whether the calls themselves were asked, too
     * @param failure why not all have answered; null when they have
     */
    record Heard(
            String user,
            List<Login> logins,
            boolean confirmed,
            @Nullable String failure) implements LoginCommand {}

    /** To itself: ask the nodes again. */
    record Again(String user) implements LoginCommand {}

    /** To itself: look for what can be forgotten. */
    record Tidy() implements LoginCommand {}

    /** It goes on elsewhere. */
    record HandOff() implements LoginCommand {}
}
