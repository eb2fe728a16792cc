package io.warren.bench;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Stands beside the LNS, where its loopback can be reached: a RADIUS server for it, and a look at its HTTP interface. */
final class LnsSide implements Side {
    private static final int TIMEOUT_MILLIS = 2_000;

    private @Nullable RadiusResponder radius;

    @Override
    public Answer obey(Order order) throws IOException {
        return switch (order) {
            case Order.Radius server -> {
                close();
                radius = RadiusResponder.start(server.port(), server.secret(), server.password());
                yield new Answer.Done();
            }
            case Order.Fetch fetch -> fetch(fetch.url());
            case Order.OfCalls _, Order.OfTraffic _ -> Side.refuse(order);
        };
    }

    private static Answer fetch(String url) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(url).toURL().openConnection();
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        try {
            int status = connection.getResponseCode();
            String body = status == HttpURLConnection.HTTP_OK
                    ? new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    : "";
            return new Answer.Fetched(status, body);
        } catch (java.net.ConnectException | java.net.SocketTimeoutException e) {
            return new Answer.Fetched(0, String.valueOf(e.getMessage()));
        } finally {
            connection.disconnect();
        }
    }

    @Override
    public void close() throws IOException {
        if (radius != null) {
            radius.close();
            radius = null;
        }
    }
}
