package io.warren.management;

import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.model.headers.RawHeader;
import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.ExceptionHandler;
import akka.http.javadsl.server.MethodRejection;
import akka.http.javadsl.server.PathMatcher1;
import akka.http.javadsl.server.PathMatchers;
import akka.http.javadsl.server.RejectionHandler;
import akka.http.javadsl.server.Route;
import io.warren.config.RateLimits;
import io.warren.control.port.SessionKey;
import io.warren.management.ManagedNode.Attached;
import io.warren.management.api.HangUpView;
import io.warren.management.api.LimitsView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /l2tp/…}: tunnels, calls, forwarding and the node, as JSON. */
final class L2tpRoutes extends AllDirectives {
    private static final Logger LOG = LoggerFactory.getLogger(L2tpRoutes.class);

    /** StopCCN: general request to clear control connection (RFC 2661 §4.4.2). */
    private static final int CLEAR_TUNNEL = 1;

    /** CDN: call disconnected for administrative reasons (RFC 2661 §4.4.2). */
    private static final int ADMINISTRATIVE = 3;

    /** Of a request, in octets: more than any that is right. */
    private static final int LONGEST_BODY = 4_096;

    private static final Duration BODY_TIME = Duration.ofSeconds(5);

    private static final String NO_CLUSTER = "this node is in no cluster (warren.cluster.enabled)";

    private final ManagedNode node;

    L2tpRoutes(ManagedNode node) {
        this.node = node;
    }

    /** The routes with every failure turned into JSON, also that of a path that does not exist. */
    Route sealed() {
        return handleExceptions(failures(), () -> handleRejections(rejections(), this::all));
    }

    private Route all() {
        return concat(
                path("tunnels", () -> get(() -> attached(this::tunnels))),
                path(segmentsAfter("tunnels"), id -> concat(get(() -> tunnel(id)), delete(() -> hangUpTunnel(id)))),
                path("sessions", () -> get(() -> attached(this::sessions))),
                path(segmentsAfter("sessions"), id -> concat(get(() -> session(id)), delete(() -> hangUpSession(id)))),
                path(segmentsAfter("sessions").slash("events"), id -> get(() -> events(id))),
                path(segmentsAfter("sessions").slash("limits"), id -> put(() -> limitSession(id))),
                path(
                        "forwarding",
                        () -> get(() -> attached((node, request) -> {
                            Query.of(request).only();
                            return complete(Answers.ok(node.queries().forwarding()));
                        }))),
                path(
                        "node",
                        () -> get(() -> attached((node, request) -> {
                            Query.of(request).only();
                            return complete(Answers.ok(node.queries().node()));
                        }))),
                path(
                        "cluster",
                        () -> get(() -> attached((node, request) -> {
                            Query.of(request).only();
                            return complete(orNotFound(node.queries().cluster(), NO_CLUSTER));
                        }))),
                path("drain", () -> concat(post(() -> drain(true)), delete(() -> drain(false)))));
    }

    private Route drain(boolean on) {
        return attached((node, request) -> {
            if (node.readOnly()) {
                return complete(readOnly());
            }
            Query.of(request).only();
            return complete(node.queries()
                    .drain(on)
                    .map(Answers::accepted)
                    .orElseGet(() -> Answers.error(StatusCodes.CONFLICT, NO_CLUSTER)));
        });
    }

    private static PathMatcher1<String> segmentsAfter(String first) {
        return PathMatchers.segment(first).slash(PathMatchers.segment());
    }

    private Route tunnels(Attached node, HttpRequest request) {
        Selection selection = Query.of(request).selection("peer", "limit", "after");
        if (selection.after() != null && Ids.tunnel(selection.after()).isEmpty()) {
            throw new BadRequest("after='" + selection.after() + "' is not a Tunnel ID");
        }
        return answer(node.queries().tunnels(selection).thenApply(Answers::ok));
    }

    private Route sessions(Attached node, HttpRequest request) {
        Selection selection = Query.of(request).selection("user", "peer", "address", "limit", "after");
        if (selection.after() != null && Ids.session(selection.after()).isEmpty()) {
            throw new BadRequest("after='" + selection.after() + "' is not tunnel-session");
        }
        return answer(node.queries().sessions(selection).thenApply(Answers::ok));
    }

    private Route tunnel(String id) {
        return attached((node, request) -> {
            Query.of(request).only();
            int tunnelId = tunnelId(id);
            return answer(node.queries().tunnel(tunnelId).thenApply(found -> orNotFound(found, noTunnel(id))));
        });
    }

    private Route session(String id) {
        return attached((node, request) -> {
            Query.of(request).only();
            SessionKey key = sessionKey(id);
            return answer(node.queries().session(key).thenApply(found -> orNotFound(found, noSession(id))));
        });
    }

    private Route events(String id) {
        return attached((node, request) -> {
            Query.of(request).only();
            SessionKey key = sessionKey(id);
            return answer(node.queries()
                    .events(key)
                    .thenApply(events ->
                            events.isEmpty() ? notFound("the journal knows no call " + id) : Answers.ok(events)));
        });
    }

    private Route hangUpTunnel(String id) {
        return hangUp(id, CLEAR_TUNNEL, noTunnel(id), node -> {
            int tunnelId = tunnelId(id);
            return result -> node.queries().hangUpTunnel(tunnelId, result);
        });
    }

    private Route hangUpSession(String id) {
        return hangUp(id, ADMINISTRATIVE, noSession(id), node -> {
            SessionKey key = sessionKey(id);
            return result -> node.queries().hangUpSession(key, result);
        });
    }

    private Route hangUp(
            String id,
            int usual,
            String missing,
            Function<Attached, Function<Integer, CompletionStage<Boolean>>> target) {
        return attached((node, request) -> {
            if (node.readOnly()) {
                return complete(readOnly());
            }
            int result = Query.of(request).result(usual);
            Function<Integer, CompletionStage<Boolean>> act = target.apply(node);
            return answer(act.apply(result)
                    .thenApply(known -> known ? Answers.accepted(new HangUpView(id, result)) : notFound(missing)));
        });
    }

    private Route limitSession(String id) {
        return attached((node, request) -> {
            if (node.readOnly()) {
                return complete(readOnly());
            }
            Query.of(request).only();
            SessionKey key = sessionKey(id);
            return extractMaterializer(materializer -> answer(request.entity()
                    .withSizeLimit(LONGEST_BODY)
                    .toStrict(BODY_TIME.toMillis(), materializer)
                    .handle((strict, _) ->
                            strict == null ? "" : strict.getData().utf8String())
                    .thenCompose(body -> limitSession(node, key, body))));
        });
    }

    private static CompletionStage<HttpResponse> limitSession(Attached node, SessionKey key, String body) {
        LimitsView limits;
        RateLimits rates;
        try {
            limits = LimitsBody.parse(body);
            rates = LimitsBody.rates(limits);
        } catch (BadRequest e) {
            return CompletableFuture.completedFuture(Answers.error(StatusCodes.BAD_REQUEST, e.reason()));
        }
        return node.queries()
                .limitSession(key, rates)
                .thenApply(known ->
                        known ? Answers.accepted(limits) : notFound("there is no call " + key + " that is up"));
    }

    private static HttpResponse readOnly() {
        return Answers.error(
                StatusCodes.FORBIDDEN, "warren.management.read-only is on: nothing can be changed by HTTP");
    }

    private Route attached(BiFunction<Attached, HttpRequest, Route> route) {
        return extractRequest(request -> {
            Attached attached = node.attached();
            return attached == null ? complete(Answers.starting()) : route.apply(attached, request);
        });
    }

    /** A node that cannot answer now is a 503, not our fault of programming. */
    private Route answer(CompletionStage<HttpResponse> response) {
        return completeWithFuture(response.exceptionally(failure -> {
            String reason = rootMessage(failure);
            LOG.warn("a management request could not be answered: {}", reason);
            return Answers.error(StatusCodes.SERVICE_UNAVAILABLE, "the node could not answer: " + reason);
        }));
    }

    private static String rootMessage(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private static int tunnelId(String id) {
        return Ids.tunnel(id).orElseThrow(() -> new BadRequest("'" + id + "' is not a Tunnel ID (1 to 65535)"));
    }

    private static SessionKey sessionKey(String id) {
        return Ids.session(id)
                .orElseThrow(() -> new BadRequest("'" + id + "' is not the id of a call (tunnel-session, as in 17-4)"));
    }

    private static String noTunnel(String id) {
        return "there is no tunnel " + id;
    }

    private static String noSession(String id) {
        return "there is no call " + id;
    }

    private static HttpResponse orNotFound(Optional<?> found, String missing) {
        return found.<HttpResponse>map(Answers::ok).orElseGet(() -> notFound(missing));
    }

    private static HttpResponse notFound(String reason) {
        return Answers.error(StatusCodes.NOT_FOUND, reason);
    }

    private ExceptionHandler failures() {
        return ExceptionHandler.newBuilder()
                .match(BadRequest.class, e -> complete(Answers.error(StatusCodes.BAD_REQUEST, e.reason())))
                .matchAny(e -> {
                    LOG.error("a management request failed", e);
                    return complete(Answers.error(
                            StatusCodes.INTERNAL_SERVER_ERROR, "the request failed; the node's log says why"));
                })
                .build();
    }

    private RejectionHandler rejections() {
        return RejectionHandler.newBuilder()
                .handleAll(MethodRejection.class, rejected -> complete(notAllowed(rejected)))
                .handleNotFound(extractUnmatchedPath(rest -> complete(notFound("there is no /l2tp" + rest
                        + "; there are tunnels, sessions, forwarding, node, cluster and drain"))))
                .build();
    }

    private static HttpResponse notAllowed(List<MethodRejection> rejected) {
        String allowed = rejected.stream()
                .map(rejection -> rejection.supported().value())
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
        return Answers.error(StatusCodes.METHOD_NOT_ALLOWED, "allowed here: " + allowed)
                .addHeader(RawHeader.create("Allow", allowed));
    }
}
