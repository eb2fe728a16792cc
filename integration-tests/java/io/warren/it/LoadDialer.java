package io.warren.it;

import io.warren.client.ClientSettings;
import io.warren.client.IcmpEcho;
import io.warren.client.TunnelEnd;
import io.warren.client.TunnelWatcher;
import io.warren.control.Moment;
import io.warren.control.port.PeerPath;
import io.warren.control.port.SessionKey;
import io.warren.control.session.SessionEvent;
import io.warren.control.tunnel.TunnelEvent;
import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.l2tp.L2tpHeader;
import io.warren.wire.l2tp.ResultCode;
import io.warren.wire.l2tp.TunnelSecret;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Thousands of calls over a few tunnels, in one process and one thread, with the same deciders as {@code warren dial}. A
 * program of its own, since it runs in a namespace. It brings the calls up at a bounded rate, keeps them alive, and does
 * what it is told on standard input: {@code ping ADDRESS} sends one echo through each call, {@code call N} places more
 * calls, {@code hangup} ends them all, {@code drop N} some, {@code status} tells; end of input ends the program. It answers with lines of {@code key=value}.
 */
final class LoadDialer implements TunnelWatcher {
    private static final String HOST_NAME = "load";
    private static final ResultCode ADMINISTRATIVE = ResultCode.of(3);
    private static final Duration TURN = Duration.ofMillis(5);
    private static final Duration AGAIN = Duration.ofMillis(500);
    private static final int ECHOES_PER_TURN = 100;
    private static final int MOST_CALLS = 65_535;

    private final InetSocketAddress lns;
    private final String password;
    private final @Nullable TunnelSecret secret;
    private final int wanted;
    private final int perSecond;
    private final ClientSocket socket;
    // Not a secret of anybody's: chance for magic numbers and challenges of a test.
    private final RandomGenerator random = new Random();
    private final Map<Integer, TunnelEnd> tunnels = new HashMap<>();
    private final Deque<SessionKey> toPlace = new ArrayDeque<>();
    private final Map<SessionKey, Integer> up = new HashMap<>();
    private final Queue<String> commands = new ConcurrentLinkedQueue<>();
    private final Set<SessionKey> answered = new HashSet<>();
    private final long began = System.nanoTime();
    private final Deque<SessionKey> toPing = new ArrayDeque<>();
    private Map<SessionKey, IcmpEcho> echoes = Map.of();
    private long pingedAt;
    private int established;
    private int placed;
    private int known;
    private long placingSince;
    private int closed;
    private int closedByPeer;
    private int tunnelsClosed;
    private boolean allUpTold;

    private LoadDialer(
            InetSocketAddress lns, int tunnelCount, int wanted, int perSecond, String password, String secret)
            throws IOException {
        this.lns = lns;
        this.wanted = wanted;
        this.perSecond = perSecond;
        this.password = password;
        this.secret = secret.isEmpty() ? null : TunnelSecret.of(secret);
        this.socket = ClientSocket.towards(lns);
        for (int tunnelId = 1; tunnelId <= tunnelCount; tunnelId++) {
            tunnels.put(tunnelId, tunnel(tunnelId, MOST_CALLS));
        }
        placeMore(wanted);
    }

    private TunnelEnd tunnel(int tunnelId, int maxCalls) {
        Bytes secretOfUser = Bytes.of(password.getBytes(StandardCharsets.UTF_8));
        return new TunnelEnd(
                tunnelId,
                ClientSettings.tunnel(HOST_NAME, secret, maxCalls),
                sessionId -> ClientSettings.call(HOST_NAME, "load-" + tunnelId + "-" + sessionId, secretOfUser),
                null,
                socket::send,
                this,
                () -> new Moment(System.nanoTime(), Instant.now(), random));
    }

    /** Arguments: LNS address, number of tunnels, of calls, calls per second, password, tunnel secret or "". */
    public static void main(String[] arguments) throws IOException {
        LoadDialer dialer = new LoadDialer(
                new InetSocketAddress(arguments[0], 1701),
                Integer.parseInt(arguments[1]),
                Integer.parseInt(arguments[2]),
                Integer.parseInt(arguments[3]),
                arguments[4],
                arguments[5]);
        Thread.ofPlatform().daemon().start(dialer::readCommands);
        dialer.run();
    }

    private void readCommands() {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                commands.add(line);
            }
        } catch (IOException e) {
            System.out.println("error=" + e);
        }
        commands.add("quit");
    }

    private void run() throws IOException {
        for (TunnelEnd tunnel : tunnels.values()) {
            tunnel.open(socket.pathTo(lns));
        }
        while (true) {
            socket.await(TURN, this::received);
            for (TunnelEnd tunnel : tunnels.values()) {
                if (tunnel.deadline() <= System.nanoTime()) {
                    tunnel.tick();
                }
            }
            place();
            sendEchoes();
            String command = commands.poll();
            if (command != null && !obey(command)) {
                return;
            }
        }
    }

    private void received(PeerPath path, byte[] datagram) {
        try {
            TunnelEnd tunnel = tunnels.get(L2tpHeader.decode(datagram).tunnelId());
            if (tunnel != null) {
                tunnel.received(path, datagram);
            }
        } catch (WireException e) {
            System.out.println("malformed=" + e.getMessage());
        }
    }

    private void place() {
        if (established < tunnels.size() || toPlace.isEmpty()) {
            return;
        }
        if (placingSince == 0) {
            placingSince = System.nanoTime();
        }
        long allowed = (System.nanoTime() - placingSince) / 1_000 * perSecond / 1_000_000;
        while (placed < allowed && !toPlace.isEmpty()) {
            SessionKey key = toPlace.remove();
            placed++;
            tunnelOf(key).placeCall(key.sessionId(), placed);
        }
    }

    private void placeMore(int count) {
        for (int call = 0; call < count; call++, known++) {
            toPlace.add(new SessionKey(1 + known % tunnels.size(), 1 + known / tunnels.size()));
        }
        placed = 0;
        placingSince = 0;
    }

    private TunnelEnd tunnelOf(SessionKey key) {
        TunnelEnd tunnel = tunnels.get(key.tunnelId());
        if (tunnel == null) {
            throw new IllegalStateException("no tunnel of " + key);
        }
        return tunnel;
    }

    private boolean obey(String command) {
        String[] words = command.split(" ", -1);
        switch (words[0]) {
            case "ping" -> ping(words[1]);
            case "call" -> placeMore(Integer.parseInt(words[1]));
            case "drop" ->
                Set.copyOf(up.keySet()).stream()
                        .limit(Integer.parseInt(words[1]))
                        .forEach(key -> tunnelOf(key).hangUp(key.sessionId(), ADMINISTRATIVE, "hung up"));
            case "hangup" ->
                Set.copyOf(up.keySet())
                        .forEach(key -> tunnelOf(key).hangUp(key.sessionId(), ADMINISTRATIVE, "hung up"));
            case "status" -> {}
            case "quit" -> {
                return false;
            }
            default -> System.out.println("error=unknown command " + command);
        }
        status(command);
        return true;
    }

    /** The echoes of one round have an identifier of their own, so that late answers are not counted. */
    private void ping(String target) {
        int identifier = random.nextInt(0x10000);
        int destination = 0;
        for (String part : target.split("\\.", -1)) {
            destination = destination << 8 | Integer.parseInt(part);
        }
        answered.clear();
        toPing.clear();
        echoes = new HashMap<>();
        for (Map.Entry<SessionKey, Integer> call : up.entrySet()) {
            echoes.put(call.getKey(), new IcmpEcho(call.getValue(), destination, identifier));
        }
        toPing.addAll(echoes.keySet());
    }

    /** A few at a time, since a burst would only measure socket buffers; those not answered are asked again. */
    private void sendEchoes() {
        long now = System.nanoTime();
        if (toPing.isEmpty() && answered.size() < echoes.size() && now - pingedAt > AGAIN.toNanos()) {
            echoes.keySet().stream().filter(key -> !answered.contains(key)).forEach(toPing::add);
        }
        for (int i = 0; i < ECHOES_PER_TURN && !toPing.isEmpty(); i++) {
            SessionKey key = toPing.remove();
            IcmpEcho echo = echoes.get(key);
            if (echo != null) {
                tunnelOf(key).send(key.sessionId(), echo.request(1));
                pingedAt = now;
            }
        }
    }

    private void status(String about) {
        System.out.printf(
                "seconds=%.3f about=%s up=%d answered=%d closed=%d closed-by-peer=%d tunnels-closed=%d%n",
                (System.nanoTime() - began) / 1e9,
                about.replace(' ', '_'),
                up.size(),
                answered.size(),
                closed,
                closedByPeer,
                tunnelsClosed);
        System.out.flush();
    }

    @Override
    public void tunnelChanged(TunnelEvent event) {
        if (event instanceof TunnelEvent.TunnelEstablished) {
            established++;
        } else if (event instanceof TunnelEvent.TunnelClosed gone) {
            tunnelsClosed++;
            System.out.println("tunnel-closed-by=" + gone.by() + " result=" + gone.result());
        }
    }

    @Override
    public void callChanged(SessionKey key, SessionEvent event) {
        switch (event) {
            case SessionEvent.Connected _ -> {}
            case SessionEvent.NetworkUp network -> {
                up.put(key, network.link().localAddress());
                if (up.size() == wanted && !allUpTold) {
                    allUpTold = true;
                    status("all-up");
                }
            }
            case SessionEvent.LimitsChanged _,
                    SessionEvent.TimeoutsChanged _,
                    SessionEvent.FiltersChanged _,
                    SessionEvent.AccountingStarted _,
                    SessionEvent.TrafficNoted _,
                    SessionEvent.Over _ -> {}
            case SessionEvent.Closed gone -> {
                up.remove(key);
                closed++;
                if (!gone.by().equals("local")) {
                    closedByPeer++;
                    System.out.println("call-closed=" + key + " by=" + gone.by() + " reason=" + gone.reason());
                }
            }
        }
    }

    @Override
    public void packetArrived(SessionKey key, byte[] packet) {
        IcmpEcho echo = echoes.get(key);
        if (echo != null && echo.sequenceOfReply(packet).isPresent()) {
            answered.add(key);
        }
    }
}
