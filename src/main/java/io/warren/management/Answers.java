package io.warren.management;

import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpCharsets;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.model.StatusCode;
import akka.http.javadsl.model.StatusCodes;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.warren.management.api.ErrorView;
import java.nio.charset.StandardCharsets;

/** Answers of the routes: JSON always, errors with a reason. */
final class Answers {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Answers() {}

    static HttpResponse ok(Object view) {
        return json(StatusCodes.OK, view);
    }

    static HttpResponse accepted(Object view) {
        return json(StatusCodes.ACCEPTED, view);
    }

    static HttpResponse error(StatusCode status, String reason) {
        return json(status, new ErrorView(status.intValue(), status.reason(), reason));
    }

    static HttpResponse starting() {
        return error(StatusCodes.SERVICE_UNAVAILABLE, ManagedNode.NOT_RUNNING);
    }

    static HttpResponse metrics(ManagedNode node) {
        ManagedNode.Attached attached = node.attached();
        if (attached == null) {
            return starting();
        }
        return HttpResponse.create()
                .withEntity(
                        MediaTypes.TEXT_PLAIN.toContentType(HttpCharsets.UTF_8),
                        attached.metrics().scrape().getBytes(StandardCharsets.UTF_8));
    }

    private static HttpResponse json(StatusCode status, Object view) {
        try {
            return HttpResponse.create()
                    .withStatus(status)
                    .withEntity(ContentTypes.APPLICATION_JSON, JSON.writeValueAsBytes(view));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a view must be writable as JSON", e);
        }
    }
}
