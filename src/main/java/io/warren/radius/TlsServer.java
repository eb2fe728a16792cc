package io.warren.radius;

import io.warren.config.RadiusSettings;
import io.warren.radius.RadiusClient.Answer;
import io.warren.radius.RadiusClient.Asked;
import io.warren.radius.RadiusCodec.Reading;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections to one server over TLS (RFC 6614): one is always kept, and there are more when more than 256 requests
 * are under way. No request is sent twice on one of them (RFC 6613 §2.6.1); one that brings what is not genuine is ended
 * (§2.6.4). One thread only; the connections' own threads tell it what they have through {@link Reports}.
 */
final class TlsServer implements ServerTransport {
    private static final Logger LOG = LoggerFactory.getLogger(TlsServer.class);

    /** To connect, and again until both have said who they are. */
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(5);

    private static final long FIRST_PAUSE = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(60);
    private static final long SAID_AGAIN_AFTER = TimeUnit.SECONDS.toNanos(60);
    private static final long SOON_MILLIS = 100;

    private final RadiusSettings.Server server;
    private final TlsEndpoint endpoint;
    private final RadiusFigures figures;
    private final Reports reports;
    private final String who;
    private final RadiusCodec codec;
    private final long longestPause;
    private final long leastPatience;
    private final int mostLanes;
    private final List<TlsLane> lanes = new ArrayList<>();
    private final Set<OverTls> unsent = new LinkedHashSet<>();
    private final Map<TlsFailure, Long> saidAt = new EnumMap<>(TlsFailure.class);
    private long lastAttempt;
    private long nextAttempt;
    private long pause;
    /** Whether the log's last word on the server was that it is connected. */
    private boolean saidConnected;

    private boolean closed;

    /** Hears of the server; on the client's thread but for the first. */
    interface Reports {
        /** Has the client's thread do something. */
        void onOurThread(Runnable report);

        void replied(Asked asked, Answer.Replied reply);

        /** Its connection has ended. */
        void lost(Asked asked);

        /** There is a connection; whether the server answers remains to be seen. */
        void connected();

        /** There is no connection, and a try to have one has failed. */
        void unreachable();
    }

    TlsServer(
            RadiusSettings.Server server,
            TlsEndpoint endpoint,
            RadiusSettings.Retransmission retransmission,
            RadiusClient.Purpose purpose,
            RadiusFigures figures,
            Reports reports) {
        this.server = server;
        this.endpoint = endpoint;
        this.figures = figures;
        this.reports = reports;
        this.who = server.name() + " (" + endpoint + ", TLS, " + purpose.word() + ")";
        this.codec = new RadiusCodec(server.secret().reveal());
        this.longestPause = Math.clamp(retransmission.deadTime().toNanos(), FIRST_PAUSE, LONGEST_PAUSE);
        this.leastPatience = retransmission.timeout().toNanos() / 2;
        this.mostLanes = 1 + (server.limit() + TlsLane.IDENTIFIERS - 1) / TlsLane.IDENTIFIERS;
        this.lastAttempt = System.nanoTime() - FIRST_PAUSE;
        this.nextAttempt = lastAttempt;
    }

    @Override
    public String name() {
        return server.name();
    }

    @Override
    public Place place(Asked asked) {
        return new OverTls(asked);
    }

    /** A request that waits for a connection or for its answer. */
    private final class OverTls implements Place {
        private final Asked asked;
        private @Nullable TlsLane lane;
        private TlsLane.@Nullable Waiting waiting;

        private OverTls(Asked asked) {
            this.asked = asked;
        }

        @Override
        public void send() {
            unsent.add(this);
            sendWhatWaits(System.nanoTime());
        }

        private void sendOn(TlsLane free, long now) {
            RadiusClient.Question question = asked.question;
            int identifier = free.freeIdentifier();
            RadiusCodec.Request request = codec.request(
                    question.code(), identifier, question.attributes().get(), question.password());
            lane = free;
            waiting = new TlsLane.Waiting(asked, question.demandsMessageAuthenticator(server), request, now);
            free.put(identifier, waiting);
            free.connection.send(request.octets().toByteArray());
        }

        @Override
        public void leave() {
            unsent.remove(this);
            if (lane != null && waiting != null) {
                long now = System.nanoTime();
                lane.forget(waiting);
                if (now - waiting.sentAt >= leastPatience && !lane.heardSince(waiting.sentAt)) {
                    end(lane, TlsFailure.SILENT, "it waited " + (now - waiting.sentAt) / 1_000_000 + " ms");
                } else {
                    retireIfWorn(lane);
                }
            }
        }
    }

    private void sendWhatWaits(long now) {
        Iterator<OverTls> all = unsent.iterator();
        while (all.hasNext()) {
            TlsLane free = free();
            if (free == null) {
                break;
            }
            OverTls first = all.next();
            all.remove();
            first.sendOn(free, now);
        }
        connect(now);
    }

    private @Nullable TlsLane free() {
        for (TlsLane lane : lanes) {
            if (lane.takes()) {
                return lane;
            }
        }
        return null;
    }

    /** Opens a connection, if one is needed and it is time: whoever waits for it makes the pause a short one. */
    private void connect(long now) {
        boolean needed = lanes.isEmpty() || (!unsent.isEmpty() && lanes.size() < mostLanes);
        boolean underWay = lanes.stream().anyMatch(lane -> !lane.established);
        if (!closed && needed && !underWay && now - mayConnectAt() >= 0) {
            lastAttempt = now;
            nextAttempt = now;
            figures.count(name() + ": tls connecting");
            TlsConnection connection =
                    TlsConnection.open(endpoint, (int) TimeUnit.NANOSECONDS.toMillis(PATIENCE), new FromItsThreads());
            lanes.add(new TlsLane(connection, now));
        }
    }

    private long mayConnectAt() {
        long soonest = lastAttempt + FIRST_PAUSE;
        return !unsent.isEmpty() && nextAttempt - soonest > 0 ? soonest : nextAttempt;
    }

    @Override
    public void tick(long now) {
        for (TlsLane lane : lanes) {
            if (!lane.established && now - lane.openedAt >= 2 * PATIENCE) {
                end(lane, TlsFailure.CLOSED, "the handshake takes too long");
            }
        }
        connect(now);
    }

    @Override
    public long idleMillis(long now) {
        if (lanes.isEmpty()) {
            return Math.max(1, TimeUnit.NANOSECONDS.toMillis(mayConnectAt() - now));
        }
        return lanes.stream().allMatch(lane -> lane.established) ? Long.MAX_VALUE : SOON_MILLIS;
    }

    @Override
    public void close() {
        closed = true;
        lanes.forEach(lane -> lane.connection.finish());
        unsent.clear();
    }

    private final class FromItsThreads implements TlsConnection.Owner {
        @Override
        public void established(TlsConnection connection) {
            reports.onOurThread(() -> TlsServer.this.established(connection));
        }

        @Override
        public void received(TlsConnection connection, byte[] packet) {
            reports.onOurThread(() -> {
                try {
                    TlsServer.this.received(connection, packet);
                } finally {
                    connection.looked();
                }
            });
        }

        @Override
        public void ended(TlsConnection connection, @Nullable Exception why) {
            reports.onOurThread(() -> TlsServer.this.ended(connection, why));
        }
    }

    private @Nullable TlsLane lane(TlsConnection connection) {
        for (TlsLane lane : lanes) {
            if (lane.connection == connection) {
                return lane;
            }
        }
        return null;
    }

    private void established(TlsConnection connection) {
        TlsLane lane = lane(connection);
        if (lane != null && lane.ending == null) {
            lane.established = true;
            figures.count(name() + ": tls connected");
            if (!saidConnected) { // a server may end idle connections, again and again
                saidConnected = true;
                LOG.info("RADIUS server {} is connected", who);
            }
            sendWhatWaits(System.nanoTime());
            reports.connected();
        }
    }

    private void received(TlsConnection connection, byte[] packet) {
        TlsLane lane = lane(connection);
        if (lane == null || lane.ending != null) {
            return;
        }
        long now = System.nanoTime();
        lane.heard(now);
        int identifier = packet[1] & 0xff;
        TlsLane.Waiting waiting = lane.at(identifier);
        if (waiting == null) {
            figures.dropped(Dropped.LATE);
            return;
        }
        byte[] authenticator = waiting.request.authenticator().toByteArray();
        switch (codec.reply(packet, authenticator, waiting.signed)) {
            case Reading.Refused(Dropped why) -> {
                figures.dropped(why);
                end(lane, why == Dropped.MALFORMED ? TlsFailure.MALFORMED : TlsFailure.WRONG_ANSWER, why.words());
            }
            case Reading.Genuine(RadiusPacket reply) -> genuine(lane, identifier, waiting, reply, authenticator);
        }
        sendWhatWaits(now);
    }

    private void genuine(
            TlsLane lane, int identifier, TlsLane.Waiting waiting, RadiusPacket reply, byte[] authenticator) {
        if (!RadiusCode.answers(waiting.code, reply.code())) {
            figures.dropped(Dropped.WRONG_CODE);
            return;
        }
        Asked asked = waiting.asked;
        lane.free(identifier);
        lane.answered = true;
        pause = 0;
        retireIfWorn(lane);
        if (asked == null) {
            figures.dropped(Dropped.LATE);
            return;
        }
        asked.place = null;
        reports.replied(asked, new Answer.Replied(name(), reply, value -> codec.unhidden(value, authenticator)));
    }

    /** Has us end a connection; what waits on it hears of that when it has ended. */
    private void end(TlsLane lane, TlsFailure why, String reason) {
        if (lane.ending == null) {
            lane.ending = why;
            failed(why, reason);
            lane.connection.abort();
        }
    }

    private void retireIfWorn(TlsLane lane) {
        if (lane.isWorn() && lane.isIdle() && lane.ending == null) {
            lane.ending = TlsFailure.SILENT;
            lane.answered = true;
            figures.count(name() + ": tls retired");
            lane.connection.finish();
        }
    }

    private void ended(TlsConnection connection, @Nullable Exception why) {
        TlsLane lane = lane(connection);
        if (lane == null) {
            return;
        }
        lanes.remove(lane);
        figures.count(name() + ": tls ended");
        if (closed) {
            return;
        }
        long now = System.nanoTime();
        if (isFailure(lane, why)) {
            pause = Math.min(longestPause, Math.max(FIRST_PAUSE, 2 * pause));
            nextAttempt = now + (long) (pause * ThreadLocalRandom.current().nextDouble(0.9, 1.1));
            if (lanes.stream().noneMatch(other -> other.established)) {
                reports.unreachable();
            }
        } else {
            nextAttempt = lastAttempt + FIRST_PAUSE;
            LOG.debug("RADIUS server {} has closed a connection", who);
        }
        lane.all().forEach(reports::lost);
        connect(now);
    }

    /** A server may close a connection that is idle, and any that it has answered on. */
    private boolean isFailure(TlsLane lane, @Nullable Exception why) {
        if (lane.ending != null) {
            return !lane.answered || lane.ending != TlsFailure.SILENT;
        }
        TlsFailure failure = TlsFailure.of(why, lane.established);
        boolean usual = failure == TlsFailure.CLOSED && lane.established && (lane.answered || lane.isIdle());
        if (!usual) {
            failed(failure, why == null ? "no reason was given" : TlsFailure.text(why));
        }
        return !usual;
    }

    /** Counts it, and says it now and then. */
    private void failed(TlsFailure why, String reason) {
        figures.count(name() + ": tls " + why.words());
        long now = System.nanoTime();
        Long said = saidAt.get(why);
        if (said == null || now - said >= SAID_AGAIN_AFTER) {
            saidAt.put(why, now);
            saidConnected = false;
            LOG.warn("RADIUS server {} {} ({}): {}", who, why.trouble(), reason, why.remedy());
        }
    }
}
