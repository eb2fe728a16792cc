package io.warren.it;

import io.warren.client.ClientSettings;
import io.warren.client.IcmpEcho;
import io.warren.control.Moment;
import io.warren.control.port.PeerPath;
import io.warren.control.tunnel.TunnelDecider;
import io.warren.control.tunnel.TunnelDecision;
import io.warren.control.tunnel.TunnelEffect;
import io.warren.control.tunnel.TunnelEvent;
import io.warren.control.tunnel.TunnelInput;
import io.warren.control.tunnel.TunnelSettings;
import io.warren.control.tunnel.TunnelState;
import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.WireWriter;
import io.warren.wire.l2tp.AccessLine;
import io.warren.wire.l2tp.ControlMessage;
import io.warren.wire.l2tp.DataPacket;
import io.warren.wire.l2tp.L2tpCodec;
import io.warren.wire.l2tp.L2tpHeader;
import io.warren.wire.l2tp.ProxyAuthentication;
import io.warren.wire.l2tp.TunnelSecret;
import io.warren.wire.ppp.ChapPacket;
import io.warren.wire.ppp.ConfigurationOption;
import io.warren.wire.ppp.ControlPacket;
import io.warren.wire.ppp.IpcpOption;
import io.warren.wire.ppp.LcpOption;
import io.warren.wire.ppp.PapPacket;
import io.warren.wire.ppp.PppFrame;
import io.warren.wire.ppp.PppProtocol;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A LAC with a subscriber behind it, who has been through LCP and authentication with the LAC when the call begins: all
 * that is left for the LNS is to verify and to assign an address. A program of its own, since it runs in a namespace.
 * Then it pings for ever. It tells what happens in lines of {@code key=value}: {@code lcp} for each LCP packet from the
 * LNS by its code, {@code authentication}, {@code address}, {@code answered} with the number of answers so far.
 */
final class ProxyingLac {
    private static final int TUNNEL = 77;
    private static final int SESSION = 1;
    private static final int IDENTIFIER = 41;
    private static final Duration TURN = Duration.ofMillis(5);
    private static final long AGAIN = Duration.ofMillis(500).toNanos();
    private static final long MAGIC_OF_LAC = 0x0badcafeL;
    private static final long MAGIC_OF_SUBSCRIBER = 0x0badbeefL;

    /** The conversation of RFC 2759 §9.2, of User with the password clientPass. */
    private static final Bytes CHALLENGE = Bytes.ofHex("5b5d7c7d7b3f2f3e3c2c602132262628");

    private static final Bytes MSCHAP_RESPONSE = Bytes.ofHex(
            "21402324255e262a28295f2b3a337c7e0000000000000000" + "82309ecd8d708b5ea08faa3981cd83544233114a3d85d6df00");

    private final InetSocketAddress lns;
    private final @Nullable TunnelSecret secret;
    private final TunnelSettings settings;
    private final String method;
    private final int mru;
    private final String user;
    private final String password;
    private final int target;
    private final ClientSocket socket;
    private final Random random = new Random();
    private final Deque<TunnelInput> inputs = new ArrayDeque<>();
    private TunnelState state = new TunnelState.Idle(TUNNEL);
    private int peerTunnel;
    private int peerSession;
    private boolean let;
    private int address;
    private boolean open;
    private int sequence;
    private int answered;
    private long next = Long.MAX_VALUE;

    private ProxyingLac(String[] arguments) throws IOException {
        lns = new InetSocketAddress(arguments[0], 1701);
        secret = arguments[1].isEmpty() ? null : TunnelSecret.of(arguments[1]);
        method = arguments[2];
        mru = Integer.parseInt(arguments[3]);
        user = arguments[4];
        password = arguments[5];
        target = Arrays.stream(arguments[6].split("\\."))
                .mapToInt(Integer::parseInt)
                .reduce(0, (bits, octet) -> bits << 8 | octet);
        TunnelSettings plain = ClientSettings.tunnel("proxying-lac", secret, 1);
        settings = new TunnelSettings(
                plain.hostName(),
                plain.vendorName(),
                secret,
                secret != null,
                plain.receiveWindow(),
                plain.retransmit(),
                plain.helloInterval(),
                plain.helloTolerant(),
                plain.setupTimeout(),
                plain.maxSessions(),
                plain.maxSessionsInSetup(),
                plain.failover());
        socket = ClientSocket.towards(lns);
    }

    /** Arguments: LNS address, tunnel secret (then AVPs are hidden) or "", method, MRU, user, password, whom to ping. */
    public static void main(String[] arguments) throws IOException {
        new ProxyingLac(arguments).run();
    }

    private void run() throws IOException {
        decide(new TunnelInput.Open(socket.pathTo(lns)));
        while (true) {
            socket.await(TURN, this::received);
            if (TunnelDecider.deadline(state) <= System.nanoTime()) {
                decide(new TunnelInput.Tick());
            }
            if (System.nanoTime() >= next) {
                next = System.nanoTime() + AGAIN;
                subscriberSpeaks();
            }
        }
    }

    private static void tell(String key, Object value) {
        System.out.println(key + "=" + value);
        System.out.flush();
    }

    // ---- the tunnel and the call

    private void decide(TunnelInput first) {
        inputs.add(first);
        while (!inputs.isEmpty()) {
            Moment moment = new Moment(System.nanoTime(), Instant.now(), random);
            TunnelDecision decision = TunnelDecider.decide(state, inputs.remove(), settings, moment);
            state = decision.state();
            decision.effects().forEach(this::carryOut);
            for (TunnelEvent event : decision.events()) {
                if (event instanceof TunnelEvent.TunnelEstablished) {
                    inputs.add(new TunnelInput.PlaceCall(SESSION, 1, null, null));
                } else if (event instanceof TunnelEvent.TunnelClosed closed) {
                    tell("closed", closed.result());
                }
            }
        }
    }

    private void carryOut(TunnelEffect effect) {
        switch (effect) {
            case TunnelEffect.Transmit(PeerPath path, Bytes datagram) -> socket.send(path, datagram.toByteArray());
            case TunnelEffect.StartCall(var offer) -> peerTunnel = offer.peerTunnelId();
            case TunnelEffect.Deliver(int _, int ns, ControlMessage message) -> {
                inputs.add(new TunnelInput.Handled(ns));
                if (message instanceof ControlMessage.Icrp icrp) {
                    peerSession = icrp.assignedSessionId();
                    inputs.add(new TunnelInput.Send(SESSION, iccn()));
                } else {
                    tell("message", message.type());
                }
            }
            case TunnelEffect.Later(TunnelInput input) -> inputs.add(input);
            case TunnelEffect.EndCall _, TunnelEffect.Dropped _, TunnelEffect.Stop _ -> {}
        }
    }

    private ControlMessage.Iccn iccn() {
        LcpOption authentication = switch (method) {
            case "pap" -> new LcpOption.Authentication(PppProtocol.PAP, Bytes.EMPTY);
            case "chap-md5" -> new LcpOption.Authentication(PppProtocol.CHAP, Bytes.of((byte) 5));
            default -> new LcpOption.Authentication(PppProtocol.CHAP, Bytes.of((byte) 0x81));
        };
        Bytes first = confreq(new LcpOption.Mru(1492), new LcpOption.MagicNumber(1));
        Bytes sent = confreq(new LcpOption.Mru(mru), authentication, new LcpOption.MagicNumber(MAGIC_OF_LAC));
        Bytes received = confreq(new LcpOption.Mru(1492), new LcpOption.MagicNumber(MAGIC_OF_SUBSCRIBER));
        return new ControlMessage.Iccn(
                1_000_000_000, 1, first, sent, received, proof(), null, null, false, AccessLine.NONE, List.of());
    }

    private ProxyAuthentication proof() {
        return switch (method) {
            case "pap" -> new ProxyAuthentication(3, user, null, IDENTIFIER, text(password));
            case "chap-md5" -> new ProxyAuthentication(2, user, CHALLENGE, IDENTIFIER, response(IDENTIFIER, CHALLENGE));
            default -> new ProxyAuthentication(2, user, CHALLENGE, IDENTIFIER, MSCHAP_RESPONSE);
        };
    }

    /** RFC 1994 §4.1. */
    private Bytes response(int id, Bytes challenge) {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            md5.update((byte) id);
            md5.update(password.getBytes(StandardCharsets.UTF_8));
            return Bytes.of(md5.digest(challenge.toByteArray()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Bytes confreq(LcpOption... options) {
        WireWriter writer = new WireWriter();
        for (LcpOption option : options) {
            ConfigurationOption plain = option.encode();
            writer.u8(plain.type()).u8(plain.data().length() + 2).bytes(plain.data());
        }
        return writer.toBytes();
    }

    private static Bytes text(String text) {
        return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private void received(PeerPath path, byte[] datagram) {
        try {
            if (L2tpHeader.isControl(datagram)) {
                decide(new TunnelInput.Received(path, L2tpCodec.decode(datagram, secret)));
            } else {
                frame(PppFrame.decode(L2tpCodec.decodeData(datagram).frame()));
            }
        } catch (WireException e) {
            tell("malformed", e.getMessage());
        }
    }

    // ---- the subscriber

    private void frame(PppFrame frame) throws WireException {
        switch (frame.protocol()) {
            case PppProtocol.LCP -> lcp(ControlPacket.decode(frame.information()));
            case PppProtocol.PAP ->
                authenticated(PapPacket.decode(frame.information()) instanceof PapPacket.AuthenticateAck);
            case PppProtocol.CHAP -> chap(ChapPacket.decode(frame.information()));
            case PppProtocol.IPCP -> ipcp(ControlPacket.decode(frame.information()));
            case PppProtocol.IPV4 -> {
                if (echo().sequenceOfReply(frame.information().toByteArray()).isPresent()) {
                    tell("answered", ++answered);
                }
            }
            default -> {}
        }
    }

    private void lcp(ControlPacket packet) {
        if (packet instanceof ControlPacket.EchoRequest request) {
            say(PppProtocol.LCP, new ControlPacket.EchoReply(request.id(), MAGIC_OF_SUBSCRIBER, Bytes.EMPTY));
        } else {
            tell("lcp", packet.getClass().getSimpleName());
        }
    }

    private void chap(ChapPacket packet) {
        if (packet instanceof ChapPacket.Challenge challenge) {
            tell("challenge", challenge.id());
            Bytes answer = response(challenge.id(), challenge.value());
            send(new PppFrame(PppProtocol.CHAP, new ChapPacket.Response(challenge.id(), answer, text(user)).encode()));
        } else {
            authenticated(packet instanceof ChapPacket.Success);
        }
    }

    private void authenticated(boolean success) {
        tell("authentication", success ? "accepted" : "refused");
        let = success;
        next = 0;
    }

    private void ipcp(ControlPacket packet) {
        switch (packet) {
            case ControlPacket.ConfigureRequest request ->
                say(PppProtocol.IPCP, new ControlPacket.ConfigureAck(request.id(), request.options()));
            case ControlPacket.ConfigureNak nak -> {
                for (ConfigurationOption option : nak.options()) {
                    if (IpcpOption.of(option) instanceof IpcpOption.IpAddress(int offered)) {
                        address = offered;
                    }
                }
                next = 0;
            }
            case ControlPacket.ConfigureAck _ -> {
                if (!open) {
                    tell("address", dotted(address));
                }
                open = true;
            }
            default -> {}
        }
    }

    private void subscriberSpeaks() {
        if (open) {
            send(new PppFrame(PppProtocol.IPV4, Bytes.of(echo().request(sequence++ & 0xffff))));
        } else if (let) {
            List<ConfigurationOption> wish = List.of(new IpcpOption.IpAddress(address).encode());
            say(PppProtocol.IPCP, new ControlPacket.ConfigureRequest(sequence++ & 0xff, wish));
        }
    }

    private IcmpEcho echo() {
        return new IcmpEcho(address, target, 4711);
    }

    private void say(int protocol, ControlPacket packet) {
        send(new PppFrame(protocol, packet.encode()));
    }

    private void send(PppFrame frame) {
        DataPacket packet = new DataPacket(peerTunnel, peerSession, false, null, frame.encode());
        socket.send(
                socket.pathTo(lns),
                L2tpCodec.data(packet, false, L2tpCodec.NO_OFFSET).toByteArray());
    }

    private static String dotted(int bits) {
        return List.of(24, 16, 8, 0).stream()
                .map(shift -> String.valueOf(bits >>> shift & 0xff))
                .collect(Collectors.joining("."));
    }
}
