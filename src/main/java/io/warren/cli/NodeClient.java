package io.warren.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.warren.management.api.ErrorView;
import io.warren.management.api.HangUpView;
import io.warren.management.api.Page;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Speaks HTTP with the management port of a node. Every failure is a {@link CommandFailed} that says what to do. */
final class NodeClient {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int PAGE = 1000;

    private static final ObjectMapper JSON =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private final URI url;
    private final HttpClient http;

    NodeClient(URI url) {
        if (url.getHost() == null || !("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
            throw new CommandFailed("'" + url + "' is no address of a node; write http://host:port");
        }
        this.url = url;
        this.http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    }

    <T> T get(String path, Class<T> type) {
        return read(exchange("GET", path, Map.of()), body -> JSON.readValue(body, type));
    }

    /** Empty when the node says that there is no such thing. */
    <T> Optional<T> find(String path, Class<T> type) {
        HttpResponse<byte[]> response = send("GET", path, Map.of(), HttpRequest.BodyPublishers.noBody());
        return response.statusCode() == 404
                ? Optional.empty()
                : Optional.of(read(checked(response), body -> JSON.readValue(body, type)));
    }

    <T> List<T> getList(String path, Class<T> type) {
        JavaType list = JSON.getTypeFactory().constructCollectionType(List.class, type);
        return read(exchange("GET", path, Map.of()), body -> JSON.readValue(body, list));
    }

    /** Hands each entry of a paged list to {@code each}, in order, page by page. */
    <T> void each(String path, Map<String, String> filter, Class<T> type, Consumer<T> each) {
        JavaType page = JSON.getTypeFactory().constructParametricType(Page.class, type);
        Map<String, String> parameters = new LinkedHashMap<>(filter);
        parameters.put("limit", Integer.toString(PAGE));
        Page<T> read;
        do {
            read = read(exchange("GET", path, parameters), body -> JSON.readValue(body, page));
            read.items().forEach(each);
            if (read.next() != null) {
                parameters.put("after", read.next());
            }
        } while (read.next() != null);
    }

    HangUpView hangUp(String path, Map<String, String> parameters) {
        return read(exchange("DELETE", path, parameters), body -> JSON.readValue(body, HangUpView.class));
    }

    <T> T put(String path, Object view, Class<T> type) {
        HttpRequest.BodyPublisher content = HttpRequest.BodyPublishers.ofString(json(view));
        return read(checked(send("PUT", path, Map.of(), content)), body -> JSON.readValue(body, type));
    }

    /** POST or DELETE without a body. */
    <T> T change(String method, String path, Class<T> type) {
        return read(exchange(method, path, Map.of()), body -> JSON.readValue(body, type));
    }

    static String json(Object view) {
        try {
            return JSON.writeValueAsString(view);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a view must be writable as JSON", e);
        }
    }

    private byte[] exchange(String method, String path, Map<String, String> parameters) {
        return checked(send(method, path, parameters, HttpRequest.BodyPublishers.noBody()));
    }

    private byte[] checked(HttpResponse<byte[]> response) {
        if (response.statusCode() / 100 != 2) {
            throw new CommandFailed(reason(response));
        }
        return response.body();
    }

    private HttpResponse<byte[]> send(
            String method, String path, Map<String, String> parameters, HttpRequest.BodyPublisher content) {
        HttpRequest request = HttpRequest.newBuilder(address(path, parameters))
                .method(method, content)
                .header("Content-Type", "application/json")
                .timeout(PATIENCE)
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (HttpTimeoutException e) {
            throw new CommandFailed("the node at " + url + " does not answer in time");
        } catch (IOException e) {
            throw new CommandFailed("no node answers at " + url + ": is it running?");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed("interrupted");
        }
    }

    private URI address(String path, Map<String, String> parameters) {
        String base = url.toString().replaceAll("/+$", "");
        String query = parameters.entrySet().stream()
                .map(parameter -> encoded(parameter.getKey()) + "=" + encoded(parameter.getValue()))
                .collect(Collectors.joining("&"));
        return URI.create(base + path + (query.isEmpty() ? "" : "?" + query));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private String reason(HttpResponse<byte[]> response) {
        try {
            return JSON.readValue(response.body(), ErrorView.class).reason();
        } catch (IOException e) {
            return url + " answers with status " + response.statusCode() + ": is it the management port of a node?";
        }
    }

    private interface Decoder<T> {
        T decode(byte[] body) throws IOException;
    }

    private <T> T read(byte[] body, Decoder<T> decoder) {
        try {
            return decoder.decode(body);
        } catch (IOException e) {
            throw new CommandFailed("the answer of " + url + " is not understood: is it the management port of a"
                    + " node of this version?");
        }
    }
}
