package io.warren.radius;

import io.warren.config.RadiusSettings;
import io.warren.control.port.AccessRequest;
import io.warren.control.port.AccountingRecord;
import io.warren.control.port.SubscriberAccounting;
import io.warren.control.port.SubscriberAuthority;
import io.warren.control.port.SubscriberCalls;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The RADIUS servers of a node, as its other parts see them. */
public final class Radius implements SubscriberAuthority, SubscriberAccounting, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Radius.class);

    private final NasIdentity us;
    private final RadiusFigures figures = new RadiusFigures();
    private final @Nullable RadiusClient authentication;
    private final @Nullable RadiusClient accounting;

    private final RadiusSettings settings;
    private @Nullable DynamicAuthorization dynamicAuthorization;

    private Radius(RadiusSettings settings) throws IOException {
        this.settings = settings;
        this.us = NasIdentity.of(settings);
        this.authentication = settings.authenticates()
                ? RadiusClient.start(settings, RadiusClient.Purpose.AUTHENTICATION, figures)
                : null;
        this.accounting =
                settings.accounts() ? RadiusClient.start(settings, RadiusClient.Purpose.ACCOUNTING, figures) : null;
    }

    /** @throws IOException when a socket cannot be opened */
    public static Radius start(RadiusSettings settings) throws IOException {
        return new Radius(settings);
    }

    @Override
    public CompletionStage<Verdict> ask(AccessRequest request) {
        RadiusClient client = authentication;
        RadiusClient.Question question = AccessQuestion.of(request, us);
        if (client == null) {
            return CompletableFuture.completedFuture(new Verdict.Unavailable("there is no RADIUS server"));
        }
        if (question == null) {
            return CompletableFuture.completedFuture(
                    new Verdict.Rejected("the name or password is longer than RADIUS allows"));
        }
        return client.ask(question).thenApply(answer -> {
            List<String> complaints = new ArrayList<>();
            Verdict verdict = AccessReply.verdict(request, answer, complaints::add);
            if (!complaints.isEmpty()) {
                complaints.forEach(_ -> figures.count("attributes left out"));
                LOG.warn(
                        "user {}: {}",
                        request.credentials().user().replaceAll("\\p{Cntrl}", "?"),
                        String.join("; ", complaints));
            }
            return verdict;
        });
    }

    @Override
    public CompletionStage<Boolean> report(AccountingRecord record) {
        return acknowledged(AccountingQuestion.of(record, us, InstantSource.system()));
    }

    /** Tells that the node begins without any call. */
    public CompletionStage<Boolean> accountingOn() {
        return acknowledged(AccountingQuestion.ofNode(AccountingQuestion.ACCOUNTING_ON, us));
    }

    /** Tells that the node has no calls any more. */
    public CompletionStage<Boolean> accountingOff() {
        return acknowledged(AccountingQuestion.ofNode(AccountingQuestion.ACCOUNTING_OFF, us));
    }

    private CompletionStage<Boolean> acknowledged(RadiusClient.Question question) {
        RadiusClient client = accounting;
        return client == null
                ? CompletableFuture.completedFuture(false)
                : client.ask(question).thenApply(answer -> answer instanceof RadiusClient.Answer.Replied);
    }

    /**
     * Lets those who may change and end these calls, from now on.
     *
     * @throws IOException when an address cannot be listened at
     */
    public void listen(SubscriberCalls calls) throws IOException {
        dynamicAuthorization = DynamicAuthorization.start(settings, calls, figures, InstantSource.system());
    }

    /** What has happened between us and the servers. */
    public RadiusFigures figures() {
        return figures;
    }

    @Override
    public void close() {
        if (dynamicAuthorization != null) {
            dynamicAuthorization.close();
        }
        if (authentication != null) {
            authentication.close();
        }
        if (accounting != null) {
            accounting.close();
        }
    }
}
