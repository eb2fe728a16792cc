package io.warren.ppp;

import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.ppp.ChapPacket;
import io.warren.wire.ppp.ConfigurationOption;
import io.warren.wire.ppp.ControlPacket;
import io.warren.wire.ppp.EapPacket;
import io.warren.wire.ppp.IpcpOption;
import io.warren.wire.ppp.LcpOption;
import io.warren.wire.ppp.PapPacket;
import io.warren.wire.ppp.PppFrame;
import io.warren.wire.ppp.PppProtocol;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Talks to a link packet by packet, and keeps what the link said since it last spoke. */
final class ScriptedPeer {
    static final int OUR_MAGIC = 0x1234;

    final Random random = new Random(42);
    PppLink link;
    long now = 5_000_000_000L;
    List<LinkOutput> said = new ArrayList<>();

    ScriptedPeer(PppLink link) {
        this.link = link;
    }

    static ScriptedPeer ofServer(AuthenticationMethod... methods) {
        return of(SimulatedLine.settings(SimulatedLine.GATEWAY, methods));
    }

    static ScriptedPeer of(LinkSettings server) {
        ScriptedPeer peer = new ScriptedPeer(PppLink.server(server));
        peer.take(peer.link.lowerUp(peer.now, peer.random));
        return peer;
    }

    /** A server whose IPCP has begun, after PAP. */
    static ScriptedPeer inNetworkPhase(List<String> permitted, Integer... dns) {
        ScriptedPeer peer = ofServer(AuthenticationMethod.PAP);
        peer.openLcp();
        peer.pap("User", "clientPass");
        peer.decide(new AuthenticationOutcome.Accepted(SimulatedLine.ASSIGNED, List.of(dns), permitted, null));
        return peer;
    }

    static ScriptedPeer open() {
        ScriptedPeer peer = inNetworkPhase(List.of());
        peer.openIpcp();
        return peer;
    }

    void take(LinkStep step) {
        link = step.link();
        said = step.outputs();
    }

    void send(Bytes frame) {
        take(link.received(frame, now, random));
    }

    void lcp(ControlPacket packet) {
        send(new PppFrame(PppProtocol.LCP, packet.encode()).encode());
    }

    void ipcp(ControlPacket packet) {
        send(new PppFrame(PppProtocol.IPCP, packet.encode()).encode());
    }

    void chap(ChapPacket packet) {
        send(new PppFrame(PppProtocol.CHAP, packet.encode()).encode());
    }

    void pap(String user, String password) {
        PapPacket packet = new PapPacket.AuthenticateRequest(9, bytes(user), bytes(password));
        send(new PppFrame(PppProtocol.PAP, packet.encode()).encode());
    }

    void decide(AuthenticationOutcome outcome) {
        take(link.authenticated(outcome, now, random));
    }

    void pass(Duration span) {
        now += span.toNanos();
        take(link.tick(now, random));
    }

    /** Acknowledges the link's request and has ours acknowledged. */
    void openLcp(LcpOption... options) {
        lcp(request(77, options.length == 0 ? new LcpOption[] {new LcpOption.MagicNumber(OUR_MAGIC)} : options));
        ControlPacket.ConfigureRequest theirs = lastRequest(PppProtocol.LCP);
        lcp(new ControlPacket.ConfigureAck(theirs.id(), theirs.options()));
    }

    void openIpcp() {
        ControlPacket.ConfigureRequest theirs = lastRequest(PppProtocol.IPCP);
        ipcp(new ControlPacket.ConfigureAck(theirs.id(), theirs.options()));
        ipcp(request(78, new IpcpOption.IpAddress(SimulatedLine.ASSIGNED)));
    }

    static ControlPacket.ConfigureRequest request(int id, LcpOption... options) {
        return new ControlPacket.ConfigureRequest(
                id, Arrays.stream(options).map(LcpOption::encode).toList());
    }

    static ControlPacket.ConfigureRequest request(int id, IpcpOption... options) {
        return new ControlPacket.ConfigureRequest(
                id, Arrays.stream(options).map(IpcpOption::encode).toList());
    }

    static ConfigurationOption address(int address) {
        return new IpcpOption.IpAddress(address).encode();
    }

    /** Control packets of a protocol that the link said since we last spoke. */
    List<ControlPacket> packets(int protocol) {
        List<ControlPacket> packets = new ArrayList<>();
        for (PppFrame frame : frames()) {
            if (frame.protocol() == protocol) {
                try {
                    packets.add(ControlPacket.decode(frame.information()));
                } catch (WireException bad) {
                    throw new AssertionError(bad);
                }
            }
        }
        return packets;
    }

    List<PppFrame> frames() {
        List<PppFrame> frames = new ArrayList<>();
        for (LinkOutput output : said) {
            if (output instanceof LinkOutput.SendFrame(Bytes frame)) {
                try {
                    frames.add(PppFrame.decode(frame));
                } catch (WireException bad) {
                    throw new AssertionError(bad);
                }
            }
        }
        return frames;
    }

    ChapPacket chapPacket() {
        try {
            return ChapPacket.decode(frames().stream()
                    .filter(frame -> frame.protocol() == PppProtocol.CHAP)
                    .findFirst()
                    .orElseThrow()
                    .information());
        } catch (WireException bad) {
            throw new AssertionError(bad);
        }
    }

    void eap(EapPacket packet) {
        send(new PppFrame(PppProtocol.EAP, packet.encode()).encode());
    }

    /** EAP packets that the link said since we last spoke. */
    List<EapPacket> eapPackets() {
        List<EapPacket> packets = new ArrayList<>();
        for (PppFrame frame : frames()) {
            if (frame.protocol() == PppProtocol.EAP) {
                try {
                    packets.add(EapPacket.decode(frame.information()));
                } catch (WireException bad) {
                    throw new AssertionError(bad);
                }
            }
        }
        return packets;
    }

    ControlPacket.ConfigureRequest lastRequest(int protocol) {
        return packets(protocol).stream()
                .filter(ControlPacket.ConfigureRequest.class::isInstance)
                .map(ControlPacket.ConfigureRequest.class::cast)
                .toList()
                .getLast();
    }

    /** What the link said other than frames. */
    List<LinkOutput> signals() {
        return said.stream()
                .filter(output -> !(output instanceof LinkOutput.SendFrame))
                .toList();
    }

    static Bytes bytes(String text) {
        return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
