package io.warren.radius;

import io.warren.config.HostPort;
import io.warren.config.RadiusSettings;
import io.warren.control.port.SessionKey;
import io.warren.control.port.SubscriberCalls;
import io.warren.control.port.SubscriberCalls.Found;
import io.warren.radius.OutsideRequest.ErrorCause;
import io.warren.wire.Bytes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes Disconnect-Requests and CoA-Requests (RFC 5176) from those who may send them, for calls on any node. One thread
 * for each address that it listens at; answers leave from whatever thread has them.
 */
public final class DynamicAuthorization implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DynamicAuthorization.class);
    /** Of an answer, beside its header, a Message-Authenticator and an Error-Cause. */
    private static final int ROOM_FOR_PROXIES =
            RadiusCodec.LARGEST - RadiusCodec.HEADER - (2 + RadiusCodec.AUTHENTICATOR) - (2 + Integer.BYTES);

    private static final int BUFFER = 4097;

    /** RFC 5176 §6.3: an Event-Timestamp may be so old, or so far ahead. */
    private static final Duration TIME_WINDOW = Duration.ofMinutes(5);

    /** So many requests are remembered: whoever repeats one gets its answer again, and nothing else happens. */
    private static final int REMEMBERED = 8_192;

    private final NasIdentity us;
    private final Map<InetAddress, Asker> askers;
    private final SubscriberCalls calls;
    private final RadiusFigures figures;
    private final InstantSource clock;
    private final List<DatagramChannel> channels = new ArrayList<>();
    private final Map<Seen, Optional<Bytes>> seen = new LinkedHashMap<>(16, 0.75f, false) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Seen, Optional<Bytes>> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** One that may ask. */
    private record Asker(String name, RadiusCodec codec) {}

    /** A request, whichever port it comes from: its authenticator covers all of it. */
    private record Seen(InetAddress from, Bytes head) {}

    private DynamicAuthorization(
            RadiusSettings settings, SubscriberCalls calls, RadiusFigures figures, InstantSource clock)
            throws IOException {
        this.us = NasIdentity.of(settings);
        this.calls = calls;
        this.figures = figures;
        this.clock = clock;
        this.askers = askers(settings);
    }

    private static Map<InetAddress, Asker> askers(RadiusSettings settings) throws IOException {
        Map<InetAddress, Asker> askers = new HashMap<>();
        for (RadiusSettings.Server server : settings.servers()) {
            if (server.tls() == null) { // else everybody knows its secret
                askers.put(
                        InetAddress.getByName(server.address()),
                        new Asker(server.name(), new RadiusCodec(server.secret().reveal())));
            }
        }
        for (RadiusSettings.Client client : settings.dynamicAuthorization().clients()) {
            askers.put(
                    InetAddress.getByName(client.address()),
                    new Asker(client.name(), new RadiusCodec(client.secret().reveal())));
        }
        return askers;
    }

    /**
     * Listens from now on.
     *
     * @throws IOException when an address cannot be listened at
     */
    static DynamicAuthorization start(
            RadiusSettings settings, SubscriberCalls calls, RadiusFigures figures, InstantSource clock)
            throws IOException {
        DynamicAuthorization server = new DynamicAuthorization(settings, calls, figures, clock);
        try {
            for (HostPort place : settings.dynamicAuthorization().listen()) {
                server.listen(place);
            }
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
        return server;
    }

    private void listen(HostPort place) throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        channels.add(channel);
        try {
            channel.bind(place.toSocketAddress());
        } catch (IOException e) {
            throw new IOException("cannot listen for CoA and Disconnect at " + place + ": " + e.getMessage(), e);
        }
        Thread.ofPlatform().daemon().name("warren-coa-" + place).start(() -> serve(channel));
    }

    /** Where it listens, with the ports that were really bound. */
    List<InetSocketAddress> listening() throws IOException {
        List<InetSocketAddress> places = new ArrayList<>();
        for (DatagramChannel channel : channels) {
            places.add((InetSocketAddress) channel.getLocalAddress());
        }
        return places;
    }

    @Override
    public void close() {
        for (DatagramChannel channel : channels) {
            try {
                channel.close();
            } catch (IOException e) {
                LOG.debug("closing a socket", e);
            }
        }
    }

    private void serve(DatagramChannel channel) {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        while (channel.isOpen()) {
            buffer.clear();
            try {
                InetSocketAddress from = (InetSocketAddress) channel.receive(buffer);
                received(channel, from, Arrays.copyOf(buffer.array(), buffer.position()));
            } catch (IOException e) {
                if (channel.isOpen()) {
                    LOG.warn("CoA and Disconnect: {}", e.toString());
                }
            } catch (RuntimeException e) {
                // No request should bring us here; if one does, the next one has to be heard.
                LOG.error("CoA and Disconnect: a request is not answered", e);
            }
        }
    }

    private void received(DatagramChannel channel, InetSocketAddress from, byte[] datagram) {
        Asker asker = askers.get(from.getAddress());
        if (asker == null) {
            figures.dropped(Dropped.UNKNOWN_SOURCE);
            return;
        }
        switch (asker.codec().fromOutside(datagram)) {
            case RadiusCodec.Reading.Refused(Dropped why) -> figures.dropped(why);
            case RadiusCodec.Reading.Genuine(RadiusPacket packet) -> genuine(channel, from, datagram, asker, packet);
        }
    }

    private void genuine(
            DatagramChannel channel, InetSocketAddress from, byte[] datagram, Asker asker, RadiusPacket packet) {
        if (packet.code() != RadiusCode.DISCONNECT_REQUEST && packet.code() != RadiusCode.COA_REQUEST) {
            figures.dropped(Dropped.WRONG_CODE);
            return;
        }
        if (isStale(packet.attributes())) {
            figures.dropped(Dropped.STALE);
            return;
        }
        if (!hasRoomToAnswer(packet.attributes())) {
            figures.dropped(Dropped.NO_ROOM_FOR_AN_ANSWER);
            return;
        }
        Seen request = new Seen(from.getAddress(), Bytes.of(Arrays.copyOf(datagram, 4 + RadiusCodec.AUTHENTICATOR)));
        Optional<Bytes> before;
        synchronized (seen) {
            before = seen.putIfAbsent(request, Optional.empty());
        }
        if (before != null) {
            figures.dropped(Dropped.REPEATED);
            before.ifPresent(answer -> send(channel, from, answer));
            return;
        }
        answer(asker, packet).whenComplete((cause, failure) -> {
            ErrorCause wrong = failure == null ? cause.orElse(null) : ErrorCause.RESOURCES_UNAVAILABLE;
            Bytes answer = Bytes.of(asker.codec().answer(code(packet, wrong), datagram, said(packet, wrong)));
            synchronized (seen) {
                seen.replace(request, Optional.of(answer));
            }
            figures.count((packet.code() == RadiusCode.COA_REQUEST ? "CoA" : "disconnect")
                    + (wrong == null ? " done" : " refused"));
            send(channel, from, answer);
        });
    }

    /** Empty for success. */
    private CompletionStage<Optional<ErrorCause>> answer(Asker asker, RadiusPacket packet) {
        return switch (OutsideRequest.of(packet, us)) {
            case OutsideRequest.Parsed.Wrong(ErrorCause cause) -> CompletableFuture.completedFuture(Optional.of(cause));
            case OutsideRequest.Parsed.Right(OutsideRequest request) ->
                find(request.identity()).thenApply(found -> Optional.ofNullable(act(asker, request, found)));
        };
    }

    private CompletionStage<List<Found>> find(OutsideRequest.Identity identity) {
        SessionKey key = identity.key();
        CompletionStage<List<Found>> found = key == null
                ? calls.find(identity.wanted())
                : calls.find(key).thenApply(one -> one.stream().toList());
        return found.thenApply(all -> all.stream().filter(identity::fits).toList());
    }

    private @Nullable ErrorCause act(Asker asker, OutsideRequest request, List<Found> found) {
        if (found.size() != 1) {
            return found.isEmpty()
                    ? ErrorCause.SESSION_CONTEXT_NOT_FOUND
                    : ErrorCause.MULTIPLE_SESSION_SELECTION_UNSUPPORTED;
        }
        Found call = found.getFirst();
        String by = "radius " + asker.name();
        if (request.disconnect()) {
            calls.end(call.key(), by, "Disconnect-Request");
            return null;
        }
        if (!call.up()) {
            return ErrorCause.SESSION_CONTEXT_NOT_FOUND;
        }
        List<String> filters = request.filters();
        if (filters != null && !filters.stream().allMatch(calls::hasFilter)) {
            return ErrorCause.INVALID_ATTRIBUTE_VALUE;
        }
        calls.change(
                call.key(),
                new SubscriberCalls.Change(
                        request.rates() == null ? null : request.rates().in(call.limits()),
                        request.sessionTimeout(),
                        request.idleTimeout(),
                        request.until(),
                        filters,
                        by));
        return null;
    }

    /** What is done must be answered: nobody may ask for what he cannot be told of. */
    private static boolean hasRoomToAnswer(Attributes attributes) {
        int proxies = attributes
                .all(RadiusAttribute.PROXY_STATE)
                .mapToInt(state -> 2 + state.length())
                .sum();
        return proxies <= ROOM_FOR_PROXIES;
    }

    private boolean isStale(Attributes attributes) {
        Integer seconds = attributes.integer(RadiusAttribute.EVENT_TIMESTAMP);
        if (seconds == null) {
            return false;
        }
        Instant stated = Instant.ofEpochSecond(Integer.toUnsignedLong(seconds));
        return Duration.between(stated, clock.instant()).abs().compareTo(TIME_WINDOW) > 0;
    }

    private static int code(RadiusPacket request, @Nullable ErrorCause wrong) {
        if (request.code() == RadiusCode.COA_REQUEST) {
            return wrong == null ? RadiusCode.COA_ACK : RadiusCode.COA_NAK;
        }
        return wrong == null ? RadiusCode.DISCONNECT_ACK : RadiusCode.DISCONNECT_NAK;
    }

    /** A proxy's state goes back unchanged (RFC 2865 §5.33). */
    private static Attributes said(RadiusPacket request, @Nullable ErrorCause wrong) {
        Attributes.Builder to = Attributes.builder();
        if (wrong != null) {
            to.integer(RadiusAttribute.ERROR_CAUSE, wrong.code());
        }
        request.attributes()
                .all(RadiusAttribute.PROXY_STATE)
                .forEach(state -> to.octets(RadiusAttribute.PROXY_STATE, state));
        return to.build();
    }

    private void send(DatagramChannel channel, SocketAddress to, Bytes answer) {
        try {
            channel.send(ByteBuffer.wrap(answer.toByteArray()), to);
        } catch (IOException e) {
            // the asker repeats what is not answered, and gets the answer then
            figures.count("not sent");
        }
    }
}
