package io.warren.app;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import io.warren.control.cluster.ClusterView;
import io.warren.control.ingress.ReadyShards;
import io.warren.control.ingress.SessionDirectory;
import io.warren.control.login.Login;
import io.warren.control.login.LoginDesk;
import io.warren.control.login.LoginSearch;
import io.warren.control.port.Placement;
import io.warren.control.port.SessionKey;
import io.warren.control.session.CallLogin;
import io.warren.control.session.SessionAnswer;
import io.warren.control.session.SessionCommand;
import io.warren.control.session.SessionEntity;
import io.warren.control.session.SessionInput;
import io.warren.wire.l2tp.ResultCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The calls of the cluster as those who count a user's calls see them: this node's, and what the others say of theirs. */
final class LoginCalls implements LoginDesk.Calls {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final String NAME = "warren-logins";

    /** CDN result 3, administrative reasons; error code 0, none. */
    private static final ResultCode REPLACED = new ResultCode(3, 0, "replaced by a newer call");

    private final Others others;
    private final Here here;
    private final Themselves themselves;

    /** Asks the other nodes. */
    @FunctionalInterface
    interface Others {
        CompletionStage<List<LoginSearch.Result>> find(String user, List<SessionKey> calls);
    }

    /** Looks at this node's. */
    @FunctionalInterface
    interface Here {
        LoginSearch.Result find(String user, List<SessionKey> calls);
    }

    /** The calls, on whichever node. */
    interface Themselves {
        /** Asks a call what it is; empty when it is none, or over. */
        CompletionStage<Optional<Login>> ask(SessionKey key);

        /** Ends a call, with these words for the journal. */
        void end(SessionKey key, String reason);
    }

    LoginCalls(Others others, Here here, Themselves themselves) {
        this.others = others;
        this.here = here;
        this.themselves = themselves;
    }

    /** Of a node by itself. */
    static LoginCalls alone(ActorSystem<?> system, ControlPlane control) {
        return new LoginCalls(
                (_, _) -> CompletableFuture.completedFuture(List.of()),
                (user, calls) -> here(control.sessions(), ReadyShards.alone(), user, calls),
                new Entities(system, control));
    }

    /** Of all nodes; others are answered from now on. */
    static LoginCalls everywhere(
            ActorSystem<?> system, ClusterView view, Supplier<ClusterPicture> picture, ControlPlane control) {
        Here here = (user, calls) -> here(control.sessions(), view.ready(), user, calls);
        answer(system, here);
        return new LoginCalls(others(system, view.self(), picture), here, new Entities(system, control));
    }

    static Others others(ActorSystem<?> system, String self, Supplier<ClusterPicture> picture) {
        OtherOwners owners = new OtherOwners(system, self, picture, PATIENCE);
        return (user, calls) -> owners.ask(NAME, replyTo -> new LoginSearch(user, calls, replyTo));
    }

    /** Answers other nodes, from now on. */
    static void answer(ActorSystem<?> system, Here here) {
        system.systemActorOf(
                Behaviors.<LoginSearch>receiveMessage(search -> {
                    search.replyTo().tell(here.find(search.user(), search.calls()));
                    return Behaviors.same();
                }),
                NAME,
                Props.empty());
    }

    private static LoginSearch.Result here(
            SessionDirectory sessions, ReadyShards ready, String user, List<SessionKey> calls) {
        // First, since what leaves in between has to be missed.
        BitSet shards = new BitSet(Placement.SHARDS);
        IntStream.of(ready.now()).forEach(shards::set);
        Set<SessionKey> keys = new LinkedHashSet<>(sessions.of(user));
        keys.addAll(calls);
        List<Login> logins = new ArrayList<>();
        for (SessionKey key : keys) {
            SessionDirectory.Seat seat = sessions.find(key);
            Login login = seat == null ? null : CallLogin.of(seat.state());
            if (login != null) {
                logins.add(login);
            }
        }
        return LoginSearch.Result.of(logins, shards);
    }

    private record Entities(ActorSystem<?> system, ControlPlane control) implements Themselves {
        @Override
        public CompletionStage<Optional<Login>> ask(SessionKey key) {
            return ClusterSharding.get(system)
                    .entityRefFor(SessionEntity.KEY, key.toString())
                    .<SessionAnswer>ask(replyTo -> new SessionCommand.Ask(null, replyTo), PATIENCE)
                    .thenApply(answer -> Optional.ofNullable(CallLogin.of(answer.view())));
        }

        @Override
        public void end(SessionKey key, String reason) {
            control.router().tell(key, new SessionInput.Close(REPLACED, SessionInput.Close.NEWER_CALL, reason));
        }
    }

    @Override
    public CompletionStage<List<Login>> find(String user, List<SessionKey> calls) {
        return others.find(user, calls).thenApply(results -> {
            List<LoginSearch.Result> all = new ArrayList<>(results);
            all.add(here.find(user, calls));
            List<Login> logins = LoginSearch.Result.all(all);
            if (logins == null) {
                throw new IllegalStateException("a part of the calls is on its way to another node");
            }
            return logins;
        });
    }

    @Override
    public CompletionStage<List<Login>> confirm(List<Login> logins) {
        CompletionStage<List<Login>> confirmed = CompletableFuture.completedFuture(List.of());
        for (Login login : logins) {
            confirmed = confirmed.thenCombine(themselves.ask(login.key()), (those, found) -> {
                Stream<Login> there = found.stream()
                        .filter(itself -> itself.id().equals(login.id()))
                        .map(itself -> itself.with(login));
                return Stream.concat(those.stream(), there).toList();
            });
        }
        return confirmed;
    }

    @Override
    public void end(SessionKey key, String reason) {
        themselves.end(key, reason);
    }
}
