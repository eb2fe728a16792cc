package io.warren.control.session;

import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.SessionCounters;
import io.warren.control.port.SubscriberProfile;
import io.warren.control.port.TrafficLimits;
import io.warren.control.session.SessionState.Admission;
import io.warren.control.session.SessionState.Ending;
import io.warren.control.session.SessionState.Established;
import io.warren.control.session.SessionState.Live;
import io.warren.control.session.SessionState.Traffic;
import io.warren.control.tunnel.CallOffer;
import io.warren.ppp.ClientIdentity;
import io.warren.ppp.Credentials;
import io.warren.ppp.LinkEnd;
import io.warren.ppp.LinkOutput;
import io.warren.ppp.LinkParameters;
import io.warren.ppp.LinkSettings;
import io.warren.ppp.LinkStep;
import io.warren.ppp.PppLink;
import io.warren.ppp.ProxiedLcp;
import io.warren.wire.Bytes;
import io.warren.wire.l2tp.ControlMessage;
import io.warren.wire.l2tp.ResultCode;
import io.warren.wire.ppp.PppFrame;
import io.warren.wire.ppp.PppProtocol;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The state established of RFC 2661 §7.4, at both ends: carries the PPP link's wishes out and ends the call. */
final class EstablishedCall {
    /**
     * What our LAC end says of a line that it does not have, in bit/s. Some peers shape to it; 10 Mbit/s, which others
     * send, would slow the call down, and so would 0.
     */
    private static final long TX_CONNECT_SPEED = 1_000_000_000;

    /** Framing Type: bit S, synchronous (RFC 2661 §4.4.4). */
    private static final long SYNCHRONOUS = 1;

    private final SessionStep step;
    private final long now;
    private final CallAccess access;
    private final CallBooks books;

    private EstablishedCall(SessionStep step) {
        this.step = step;
        this.now = step.moment().nanos();
        this.access = new CallAccess(step, this);
        this.books = new CallBooks(step);
    }

    /** ICCN came: begin PPP as the end that authenticates. */
    static void connectAsLns(SessionStep step, CallOffer call, ControlMessage.Iccn iccn, int ns) {
        Long rx = iccn.rxConnectSpeed();
        step.happened(new SessionEvent.Connected(
                step.moment().wall(), call, iccn.txConnectSpeed(), rx == null ? 0 : rx, iccn.sequencingRequired()));
        PeerPolicy peer = step.settings().policyOf(call);
        ProxiedLcp proxied =
                ProxiedLcp.of(iccn, peer.proxy(), peer.link(), step.moment().random());
        String complaint = proxied.complaint();
        if (complaint != null) {
            step.dropped(complaint);
        }
        new EstablishedCall(step).begin(PppLink.server(peer.link()), ns, proxied);
    }

    /**
     * ICRP came: say that the call is connected, and dial. Without Rx Connect Speed: some peers refuse an ICCN that
     * holds it.
     */
    static void connectAsLac(SessionStep step, CallOffer call, int peerSessionId, int ns) {
        ClientIdentity client = step.settings().client();
        if (client == null) {
            step.closedWithCdn(CallEnd.noIdentity(), SessionCounters.ZERO);
            return;
        }
        CallOffer answered = call.answered(peerSessionId);
        step.happened(new SessionEvent.Connected(step.moment().wall(), answered, TX_CONNECT_SPEED, 0, false));
        step.effect(new SessionEffect.SendControl(new ControlMessage.Iccn(
                TX_CONNECT_SPEED,
                SYNCHRONOUS,
                null,
                null,
                null,
                null,
                null,
                null,
                false,
                call.accessLine(),
                List.of())));
        new EstablishedCall(step).begin(PppLink.client(step.settings().link(), client), ns, null);
    }

    static void decide(SessionStep step, Established call, SessionInput input) {
        EstablishedCall established = new EstablishedCall(step);
        switch (input) {
            case SessionInput.Offered(CallOffer again) -> {
                if (SessionDecider.sameCall(call.connected().call(), again)) {
                    established.resume(call);
                } else {
                    established.leave(call);
                    step.closedWithTunnel("its ids were given to a new call", Forwarding.total(call, step));
                    SessionDecider.offered(step, again);
                }
            }
            case SessionInput.Control(int ns, ControlMessage message) -> established.control(call, ns, message);
            case SessionInput.TunnelDown(String reason) -> {
                established.leave(call);
                step.closedWithTunnel(reason, Forwarding.total(call, step));
            }
            case SessionInput.Resume _ -> established.resume(call);
            case SessionInput.Frame(Bytes frame, var _) -> established.frame(call, frame);
            case SessionInput.AccessDecided decided -> established.access.decided(call, decided);
            case SessionInput.AddressLeased leased -> established.access.leased(call, leased);
            case SessionInput.Close(ResultCode result, String by, String reason) ->
                established.close(call, CallEnd.asked(by, reason, result));
            case SessionInput.Timeouts change -> TimeoutChange.decide(step, call, change);
            case SessionInput.Filters change -> FilterChange.decide(step, call, change);
            case SessionInput.Accounted answer -> established.books.answered(call, answer);
            case SessionInput.Leave _ -> established.books.note(call);
            case SessionInput.Limit limit -> LimitChange.decide(step, call, limit);
            case SessionInput.Tick _ -> established.tick(call);
        }
    }

    static long deadline(Established call) {
        Live live = call.live();
        if (live == null) {
            return Long.MAX_VALUE;
        }
        Ending ending = live.ending();
        long end = ending == null ? live.setupDeadline() : ending.deadline();
        if (ending == null) {
            end = Math.min(
                    Math.min(end, live.advertising().next()),
                    Math.min(live.timeouts().deadline(), live.reporting().due()));
        }
        return Math.min(end, live.link().deadline());
    }

    // ---- the life of the link

    private void begin(PppLink link, int connectNs, @Nullable ProxiedLcp proxied) {
        Established call = (Established) step.state();
        step.become(call.with(new Live(
                link,
                connectNs,
                step.in(step.settings().setupTimeout()),
                false,
                Traffic.NONE,
                Admission.NONE,
                CallTimeouts.NONE,
                Reporting.NONE,
                SessionState.Advertising.NONE,
                null)));
        RandomGenerator random = step.moment().random();
        run(proxied == null ? link.lowerUp(now, random) : link.lowerUp(proxied, now, random));
    }

    private LinkSettings linkSettings(Established call) {
        LinkSettings link = step.settings().policyOf(call.connected().call()).link();
        return call.profile().ownTerms().withoutIpv6() ? link.withIpv6(false) : link;
    }

    /** After recovery: an open link goes on, one that was coming up starts afresh. */
    private void resume(Established call) {
        if (call.live() != null) {
            return;
        }
        SessionEvent.NetworkUp network = call.network();
        if (Forwarding.isLac(call)) {
            resumeAsLac();
        } else if (network == null) {
            begin(PppLink.server(linkSettings(call)), Live.NS_UNKNOWN, null);
        } else {
            boolean anew = CallEncryption.wasEncrypted(network);
            LinkSettings settings = linkSettings(call);
            PppLink link = anew ? PppLink.server(settings) : PppLink.resumed(settings, network.link(), now);
            Admission admission = Admission.NONE.granted(
                    network.user(), network.link().peerAddress(), network.permitted(), call.limits(), call.profile());
            step.become(call.with(new Live(
                    link,
                    Live.NS_UNKNOWN,
                    anew ? step.in(step.settings().setupTimeout()) : Long.MAX_VALUE,
                    !anew,
                    resumedTraffic(call),
                    admission,
                    CallTimeouts.of(call.profile(), upSince(call), step.moment(), Forwarding.total(call, step)),
                    Reporting.NONE,
                    anew ? SessionState.Advertising.NONE : CallRouter.resumed(step, network.link()),
                    null)));
            install();
            books.goOn();
            if (anew) {
                step.plane(new SessionEffect.Uninstall());
                run(link.lowerUp(now, step.moment().random()));
            }
        }
    }

    private Traffic resumedTraffic(Established call) {
        return new Traffic(true, Forwarding.total(call, step).upPackets());
    }

    private Instant upSince(Established call) {
        Instant since = call.upSince();
        return since == null ? step.moment().wall() : since;
    }

    private void resumeAsLac() {
        ClientIdentity client = step.settings().client();
        if (client == null) {
            step.closedWithCdn(CallEnd.noIdentity(), step.meters().here());
        } else {
            begin(PppLink.client(step.settings().link(), client), Live.NS_UNKNOWN, null);
        }
    }

    private void frame(Established call, Bytes frame) {
        Live live = call.live();
        if (live == null) {
            step.dropped("PPP frame before the call was resumed");
            return;
        }
        step.become(call.with(live.with(new Traffic(true, live.traffic().upPackets()))));
        run(live.link().received(frame, now, step.moment().random()));
    }

    private void tick(Established call) {
        Live live = call.live();
        if (live == null) {
            return;
        }
        Ending ending = live.ending();
        if (ending != null && now >= ending.deadline()) {
            finish(ending.end());
        } else if (ending == null && now >= live.setupDeadline()) {
            finish(CallEnd.notUp(live));
        } else {
            Live seen = look(call, live);
            step.become(call.with(seen));
            CallEnd due = ending == null ? seen.timeouts().end(now) : null;
            if (due != null) {
                close(call.with(seen), due);
            } else if (now >= seen.link().deadline()) {
                run(seen.link().tick(now, step.moment().random()));
            }
            books.tick();
            advertise();
        }
    }

    /** Packets that the data plane forwarded show that the peer lives. */
    private Live look(Established call, Live before) {
        SessionCounters total = Forwarding.total(call, step);
        Live live = before.with(before.timeouts().seen(total, now));
        if (total.upPackets() <= live.traffic().upPackets()) {
            return live;
        }
        return live.with(live.link().trafficSeen(now)).with(new Traffic(true, total.upPackets()));
    }

    /** Carries out what the link wants; it is the established call's link unless the call ended meanwhile. */
    void run(LinkStep linkStep) {
        if (step.state() instanceof Established call && call.live() != null) {
            step.become(call.with(call.live().with(linkStep.link())));
        }
        for (LinkOutput output : linkStep.outputs()) {
            if (step.state() instanceof Established call && call.live() != null) {
                carryOut(call, call.live(), output);
            }
        }
    }

    private void carryOut(Established call, Live live, LinkOutput output) {
        switch (output) {
            case LinkOutput.SendFrame(Bytes frame) -> send(call, frame);
            case LinkOutput.AuthenticationRequested(Credentials credentials) -> access.request(call, live, credentials);
            case LinkOutput.AddressWished(int address) -> {
                step.become(call.with(live.with(live.admission().wishing(address))));
                step.effect(new SessionEffect.LeaseAddress(address));
            }
            case LinkOutput.NetworkUp(LinkParameters parameters) -> networkUp(call, live, parameters);
            case LinkOutput.PacketReceived(Bytes packet) -> {
                sendIpv6(call, CallRouter.received(step, call, live, packet));
                advertise();
            }
            case LinkOutput.CompressionChanged _ -> install();
            case LinkOutput.NetworkDown _ -> networkDown(call, live);
            case LinkOutput.Discarded(String reason) -> step.dropped(reason);
            case LinkOutput.LinkDown(LinkEnd cause, String reason) -> linkDown(call, live, cause, reason);
        }
    }

    private void networkUp(Established call, Live live, LinkParameters parameters) {
        ClientIdentity client = step.settings().client();
        String user = Forwarding.isLac(call) && client != null
                ? client.user()
                : live.admission().user();
        Admission admission = live.admission();
        int before = Forwarding.addressInJournal(call);
        if (admission.spare() != 0 && !parameters.withoutIpv4()) {
            // of the address assigned and the one wished the peer took one
            boolean wishTaken = parameters.peerAddress() == admission.spare();
            int taken = wishTaken ? admission.spare() : admission.leased();
            access.releaseAllBut(taken, before, admission);
            admission = admission.holding(taken, 0);
        }
        step.become(call.with(
                CallRouter.changed(step, live.with(admission).withForwarding(true, Long.MAX_VALUE), parameters)));
        TrafficLimits limits = admission.limits();
        step.happened(new SessionEvent.NetworkUp(
                step.moment().wall(),
                user,
                parameters,
                admission.permitted(),
                limits.equals(TrafficLimits.NONE) ? null : limits,
                admission.profile().equals(SubscriberProfile.NONE) ? null : admission.profile(),
                CallBooks.areKept(step.settings(), call)));
        if (before != 0 && before != parameters.peerAddress()) {
            step.effect(new SessionEffect.ReleaseAddress(before));
        }
        CallPrefixes.journalled(step, call, admission.profile());
        FilterChange.look(step, admission.profile().filters());
        install();
        if (step.state() instanceof Established up && up.live() != null) {
            step.become(up.with(up.live()
                    .with(CallTimeouts.of(up.profile(), upSince(up), step.moment(), Forwarding.total(up, step)))));
        }
        books.goOn();
    }

    /** The Router Advertisement that is due, if one is. */
    private void advertise() {
        if (step.state() instanceof Established call
                && call.live() != null
                && call.live().ending() == null) {
            sendIpv6(call, CallRouter.due(step, call, call.live()));
        }
    }

    private void sendIpv6(Established call, @Nullable Bytes packet) {
        if (packet != null) {
            send(call, new PppFrame(PppProtocol.IPV6, packet).encode());
        }
    }

    private void send(Established call, Bytes frame) {
        CallOffer offer = call.connected().call();
        boolean numbered = call.connected().sequencingRequired();
        step.effect(new SessionEffect.SendFrame(
                offer.path(), offer.peerTunnelId(), offer.peerSessionId(), numbered, frame));
    }

    private void networkDown(Established call, Live live) {
        step.become(call.with(stopForwarding(live)
                .with(SessionState.Advertising.NONE)
                .withForwarding(false, step.in(step.settings().setupTimeout()))));
    }

    private void linkDown(Established call, Live live, LinkEnd cause, String reason) {
        Ending ending = live.ending();
        if (ending != null) {
            if (!ending.cdnExpected()) {
                finish(ending.end());
            }
            return;
        }
        CallEnd end = CallEnd.byLink(cause, reason, call, live);
        if (cause == LinkEnd.PEER_TERMINATED) {
            // Terminate-Request ends PPP, not the call: the LAC's CDN says why, if it comes
            step.become(call.with(stopForwarding(live)
                    .with(new Ending(end, step.in(step.settings().lcpTerminateWait()), true))));
        } else {
            finish(end);
        }
    }

    // ---- control messages, and the end

    private void control(Established call, int ns, ControlMessage message) {
        switch (message) {
            case ControlMessage.Cdn cdn -> {
                Live live = call.live();
                Ending ending = live == null ? null : live.ending();
                CallEnd byCdn = CallEnd.byCdn(cdn);
                CallEnd end = ending == null
                        ? byCdn
                        : new CallEnd(
                                ending.end().by(),
                                ending.end().reason() + "; " + byCdn.reason(),
                                byCdn.result(),
                                byCdn.cause() != null
                                        ? byCdn.cause()
                                        : ending.end().cause(),
                                ending.end().terminate());
                leave(call);
                step.closed(end, Forwarding.total(call, step));
            }
            // line errors, ACCMs and line speeds: the call goes on as it is
            case ControlMessage.Wen _, ControlMessage.Sli _, ControlMessage.Csun _, ControlMessage.Csurq _ -> {}
            case ControlMessage.Iccn _ -> again(call, ns, message, !Forwarding.isLac(call));
            case ControlMessage.Icrp _ -> again(call, ns, message, Forwarding.isLac(call));
            case ControlMessage.Icrq _, ControlMessage.Ocrq _, ControlMessage.Ocrp _, ControlMessage.Occn _ ->
                unexpected(message);
            case ControlMessage.Sccrq _,
                    ControlMessage.Sccrp _,
                    ControlMessage.Scccn _,
                    ControlMessage.StopCcn _,
                    ControlMessage.Fsq _,
                    ControlMessage.Fsr _,
                    ControlMessage.Hello _ -> step.dropped(message.type() + " is not a call's message");
        }
    }

    /**
     * The message that connected the call, again. With the same Ns, or once after recovery, it is the old one that the
     * tunnel delivers anew because it was never acknowledged; otherwise an error of the peer.
     */
    private void again(Established call, int ns, ControlMessage message, boolean connectsThisEnd) {
        Live live = call.live();
        boolean delivered = live == null || live.connectNs() == Live.NS_UNKNOWN || live.connectNs() == ns;
        if (!connectsThisEnd || !delivered) {
            unexpected(message);
        } else if (live != null) {
            step.become(call.with(live.withConnectNs(ns)));
        }
    }

    private void unexpected(ControlMessage message) {
        finish(CallEnd.unexpected(message, "established"));
    }

    /** Ends PPP first, then the call. */
    void close(Established call, CallEnd end) {
        Live live = call.live();
        if (live == null) {
            finish(end);
        } else if (live.ending() == null) {
            step.become(call.with(stopForwarding(live)
                    .with(new Ending(end, step.in(step.settings().lcpTerminateWait()), false))));
            String message = end.result().message();
            run(live.link()
                    .close(
                            message == null ? "call ended" : message,
                            now,
                            step.moment().random()));
        }
    }

    /** Ends the call, now. */
    private void finish(CallEnd end) {
        if (step.state() instanceof Established call) {
            SessionCounters total = Forwarding.total(call, step);
            leave(call);
            step.closedWithCdn(end, total);
        }
    }

    /** Takes the call out of the data plane and gives its address back. */
    private void leave(Established call) {
        Live live = call.live();
        if (live == null ? call.network() != null : live.forwarding()) {
            step.plane(new SessionEffect.Uninstall());
        }
        int inJournal = Forwarding.addressInJournal(call);
        if (live != null) {
            access.releaseAllBut(0, inJournal, live.admission());
        }
        if (inJournal != 0) {
            step.effect(new SessionEffect.ReleaseAddress(inJournal));
        }
        CallPrefixes.left(step, call);
    }

    private void install() {
        if (step.state() instanceof Established call) {
            ForwardingEntry entry = Forwarding.entry(call);
            if (entry != null) {
                step.plane(new SessionEffect.Install(entry));
            }
        }
    }

    private Live stopForwarding(Live live) {
        if (!live.forwarding()) {
            return live;
        }
        step.plane(new SessionEffect.Uninstall());
        return live.withForwarding(false, live.setupDeadline());
    }
}
