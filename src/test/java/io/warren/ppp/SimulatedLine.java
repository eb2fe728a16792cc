package io.warren.ppp;

import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.mppe.Strength;
import io.warren.wire.ppp.EapPacket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Two links joined by a line that may lose, double, delay and re-order frames, on a clock of its own. */
final class SimulatedLine {
    static final int GATEWAY = 0x0a000001;
    static final int ASSIGNED = 0x0a000063;
    static final int DNS = 0x01010101;

    /** @param jitter upper bound of what is added to the delay of each frame: re-orders them */
    record Quality(double loss, double duplication, Duration delay, Duration jitter) {
        static final Quality PERFECT = new Quality(0, 0, Duration.ofMillis(1), Duration.ZERO);
    }

    private record Arrival(long at, int order, boolean atServer, Bytes frame) {}

    record Said(long at, LinkOutput output) {}

    final Random random;
    final List<Said> serverSaid = new ArrayList<>();
    final List<Said> clientSaid = new ArrayList<>();
    final List<Bytes> frames = new ArrayList<>();
    PppLink server;
    PppLink client;
    Quality quality = Quality.PERFECT;
    long now = 1_000_000_000L;
    long clientListensFrom = Long.MIN_VALUE;
    String password = "clientPass";
    List<String> permitted = List.of();
    List<Integer> dns = List.of(DNS);
    boolean leaseGranted = true;
    boolean mppeRequired;
    Predicate<Bytes> swallowed = _ -> false;

    @Nullable
    String forgedProof;

    private final PriorityQueue<Arrival> wire =
            new PriorityQueue<>((a, b) -> a.at != b.at ? Long.compare(a.at, b.at) : Integer.compare(a.order, b.order));
    private int order;

    SimulatedLine(PppLink server, PppLink client, long seed) {
        this.server = server;
        this.client = client;
        this.random = new Random(seed);
    }

    static LinkSettings settings(int address, AuthenticationMethod... methods) {
        return new LinkSettings(
                List.of(methods),
                "warren",
                1500,
                address,
                Duration.ofSeconds(3),
                Duration.ofMillis(250),
                10,
                2,
                5,
                Duration.ofSeconds(30),
                3,
                Duration.ofSeconds(60));
    }

    static ClientIdentity identity(String password, AuthenticationMethod... accepted) {
        Bytes secret = Bytes.of(password.getBytes(StandardCharsets.UTF_8));
        return new ClientIdentity("User", secret, java.util.Set.of(accepted));
    }

    static SimulatedLine with(AuthenticationMethod method, String clientPassword, long seed) {
        return new SimulatedLine(
                PppLink.server(settings(GATEWAY, method)),
                PppLink.client(settings(0), identity(clientPassword, method)),
                seed);
    }

    SimulatedLine bothUp() {
        serverStep(server.lowerUp(now, random));
        clientStep(client.lowerUp(now, random));
        return this;
    }

    void serverStep(LinkStep step) {
        server = step.link();
        for (LinkOutput output : step.outputs()) {
            switch (output) {
                case LinkOutput.SendFrame(Bytes frame) -> send(frame, false);
                case LinkOutput.AuthenticationRequested(Credentials credentials) -> {
                    serverSaid.add(new Said(now, output));
                    serverStep(server.authenticated(decide(credentials), now, random));
                }
                case LinkOutput.AddressWished(int address) -> {
                    serverSaid.add(new Said(now, output));
                    serverStep(server.addressDecided(address, leaseGranted, now, random));
                }
                case LinkOutput.NetworkUp _,
                        LinkOutput.NetworkDown _,
                        LinkOutput.Discarded _,
                        LinkOutput.CompressionChanged _,
                        LinkOutput.PacketReceived _,
                        LinkOutput.LinkDown _ -> serverSaid.add(new Said(now, output));
            }
        }
    }

    void clientStep(LinkStep step) {
        client = step.link();
        for (LinkOutput output : step.outputs()) {
            if (output instanceof LinkOutput.SendFrame(Bytes frame)) {
                send(frame, true);
            } else {
                clientSaid.add(new Said(now, output));
            }
        }
    }

    private AuthenticationOutcome decide(Credentials credentials) {
        byte[] secret = password.getBytes(StandardCharsets.UTF_8);
        boolean right;
        String proof = null;
        MppeTerms mppe = null;
        switch (credentials) {
            case Credentials.Pap pap -> right = Pap.matches(pap, secret);
            case Credentials.ChapMd5 chap -> right = ChapMd5.matches(chap, secret);
            case Credentials.MsChapV2 chap -> {
                proof = MsChapV2.verify(chap, password);
                right = proof != null;
                mppe = new MppeTerms(MsChapV2.keys(chap, secret), mppeRequired, List.of(Strength.values()));
            }
            case Credentials.Eap eap -> {
                return decide(eap, secret);
            }
        }
        if (forgedProof != null) {
            return new AuthenticationOutcome.Accepted(ASSIGNED, dns, permitted, forgedProof);
        }
        return right
                ? new AuthenticationOutcome.Accepted(ASSIGNED, dns, permitted, proof, 0, mppe)
                : new AuthenticationOutcome.Rejected("wrong password");
    }

    private AuthenticationOutcome decide(Credentials.Eap eap, byte[] secret) {
        try {
            EapPacket.Response response = (EapPacket.Response) EapPacket.decode(eap.packet());
            if (eap.round() == null) {
                Bytes challenge = Turn.octets(random, EapMd5.CHALLENGE_LENGTH);
                return new AuthenticationOutcome.Challenged(
                        EapMd5.request(response.id() + 1 & 0xff, challenge, "warren")
                                .encode(),
                        new EapRound(null, challenge),
                        Duration.ZERO);
            }
            Credentials.ChapMd5 shown =
                    EapMd5.shown(eap.user(), response, eap.round().state());
            return shown != null && ChapMd5.matches(shown, secret)
                    ? new AuthenticationOutcome.Accepted(ASSIGNED, dns, permitted, null)
                    : new AuthenticationOutcome.Rejected("wrong password");
        } catch (WireException bad) {
            throw new AssertionError(bad);
        }
    }

    private void send(Bytes frame, boolean toServer) {
        frames.add(frame);
        if (swallowed.test(frame)) {
            return;
        }
        int copies = random.nextDouble() < quality.loss ? 0 : random.nextDouble() < quality.duplication ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            long jitter = quality.jitter.isZero() ? 0 : random.nextLong(quality.jitter.toNanos());
            wire.add(new Arrival(now + quality.delay.toNanos() + jitter, order++, toServer, frame));
        }
    }

    /** Lets time pass until {@code span} is over or nothing more can happen. */
    SimulatedLine run(Duration span) {
        long end = now + span.toNanos();
        while (true) {
            Arrival arrival = wire.peek();
            long next = Math.min(
                    Math.min(server.deadline(), client.deadline()), arrival == null ? Long.MAX_VALUE : arrival.at);
            if (next > end) {
                now = end;
                return this;
            }
            now = Math.max(now, next);
            if (arrival != null && arrival.at <= now) {
                deliver(wire.remove());
            } else if (server.deadline() <= now) {
                serverStep(server.tick(now, random));
            } else {
                clientStep(client.tick(now, random));
            }
        }
    }

    private void deliver(Arrival arrival) {
        if (arrival.atServer) {
            serverStep(server.received(arrival.frame, now, random));
        } else if (now >= clientListensFrom) {
            clientStep(client.received(arrival.frame, now, random));
        }
    }

    static <T> List<T> only(List<Said> said, Class<T> kind) {
        return said.stream()
                .map(Said::output)
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    static <T> T last(List<Said> said, Class<T> kind) {
        return only(said, kind).getLast();
    }
}
