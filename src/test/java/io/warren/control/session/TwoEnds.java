package io.warren.control.session;

import io.warren.control.port.AccessDecision;
import io.warren.control.port.AccessRequest;
import io.warren.control.port.AccountingRecord;
import io.warren.control.port.MppeKeys;
import io.warren.control.port.SubscriberProfile;
import io.warren.control.port.TrafficLimits;
import io.warren.ppp.AuthenticationMethod;
import io.warren.ppp.ChapMd5;
import io.warren.ppp.Credentials;
import io.warren.ppp.DeflatePolicy;
import io.warren.ppp.EapMd5;
import io.warren.ppp.EapRound;
import io.warren.ppp.MppePolicy;
import io.warren.ppp.MsChapV2;
import io.warren.ppp.Pap;
import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.l2tp.ControlMessage;
import io.warren.wire.mppe.MasterKeys;
import io.warren.wire.mppe.Strength;
import io.warren.wire.ppp.EapPacket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** An LNS and a LAC end joined in memory, with a clock of their own; either can be cut off. */
final class TwoEnds {
    private record Delivery(CallEndUnderTest to, SessionInput input) {}

    final CallEndUnderTest lns;
    final CallEndUnderTest lac;
    private final Deque<Delivery> deliveries = new ArrayDeque<>();
    private byte[] password = "secret".getBytes(StandardCharsets.US_ASCII);
    boolean lacIsDeaf;
    boolean accessIsSlow;
    private List<String> permitted = List.of();
    TrafficLimits limits = TrafficLimits.NONE;
    private boolean wishIsFree;
    SubscriberProfile profile = SubscriberProfile.NONE;
    /** What the LNS told of the call. */
    final List<AccountingRecord> told = new ArrayList<>();
    /** Whether what it tells is acknowledged. */
    boolean booksAreOpen = true;

    private int ns;

    TwoEnds(AuthenticationMethod... methods) {
        lns = CallEndUnderTest.lns(methods);
        lac = CallEndUnderTest.lac();
    }

    private TwoEnds(SessionSettings.Accounting accounting) {
        SessionSettings plain =
                CallEndUnderTest.settings(CallEndUnderTest.GATEWAY, List.of(AuthenticationMethod.PAP), false);
        lns = new CallEndUnderTest(
                new SessionSettings(
                        plain.link(),
                        null,
                        plain.connectTimeout(),
                        plain.setupTimeout(),
                        plain.lcpTerminateWait(),
                        accounting,
                        null),
                1);
        lac = CallEndUnderTest.lac();
    }

    /** The LNS tells of its calls. */
    static TwoEnds accounted(Duration interim) {
        return new TwoEnds(new SessionSettings.Accounting(interim));
    }

    private TwoEnds(int wish, boolean wishIsFree) {
        lns = CallEndUnderTest.lns(AuthenticationMethod.PAP);
        lac = new CallEndUnderTest(CallEndUnderTest.settings(wish, List.of(), true), 2);
        permitted = List.of("10.0.0.0/24");
        this.wishIsFree = wishIsFree;
    }

    private TwoEnds(boolean lnsSpeaksIpv6, boolean lacSpeaksIpv6) {
        List<AuthenticationMethod> pap = List.of(AuthenticationMethod.PAP);
        lns = new CallEndUnderTest(CallEndUnderTest.settings(CallEndUnderTest.GATEWAY, pap, false, lnsSpeaksIpv6), 1);
        lac = new CallEndUnderTest(CallEndUnderTest.settings(0, List.of(), true, lacSpeaksIpv6), 2);
    }

    static TwoEnds withIpv6(boolean atTheLns, boolean atTheLac) {
        return new TwoEnds(atTheLns, atTheLac);
    }

    private TwoEnds(MppePolicy atTheLns, MppePolicy atTheLac, SessionSettings.@Nullable Accounting accounting) {
        lns = new CallEndUnderTest(
                encrypted(
                        CallEndUnderTest.settings(
                                CallEndUnderTest.GATEWAY, List.of(AuthenticationMethod.MSCHAP_V2), false),
                        atTheLns,
                        accounting),
                1);
        lac = new CallEndUnderTest(encrypted(CallEndUnderTest.settings(0, List.of(), true), atTheLac, null), 2);
    }

    /** With MPPE, or not. */
    static TwoEnds encrypted(MppePolicy atTheLns, MppePolicy atTheLac) {
        return new TwoEnds(atTheLns, atTheLac, null);
    }

    /** With MPPE, and the LNS tells of its calls. */
    static TwoEnds encryptedAndAccounted() {
        MppePolicy required = new MppePolicy(MppePolicy.Use.REQUIRE, List.of(Strength.BITS_128));
        return new TwoEnds(required, required, new SessionSettings.Accounting(Duration.ZERO));
    }

    private static SessionSettings encrypted(
            SessionSettings plain, MppePolicy policy, SessionSettings.@Nullable Accounting accounting) {
        return new SessionSettings(
                plain.link().withMppe(policy),
                plain.client(),
                plain.connectTimeout(),
                plain.setupTimeout(),
                plain.lcpTerminateWait(),
                accounting,
                null);
    }

    private TwoEnds(DeflatePolicy policy) {
        List<AuthenticationMethod> pap = List.of(AuthenticationMethod.PAP);
        lns = new CallEndUnderTest(
                compressed(CallEndUnderTest.settings(CallEndUnderTest.GATEWAY, pap, false), policy), 1);
        lac = new CallEndUnderTest(compressed(CallEndUnderTest.settings(0, List.of(), true), policy), 2);
    }

    /** Both with this policy. */
    static TwoEnds compressed(DeflatePolicy policy) {
        return new TwoEnds(policy);
    }

    private static SessionSettings compressed(SessionSettings plain, DeflatePolicy policy) {
        return new SessionSettings(
                plain.link().withDeflate(policy),
                plain.client(),
                plain.connectTimeout(),
                plain.setupTimeout(),
                plain.lcpTerminateWait());
    }

    /** The LAC end wishes this address, which the user may have. */
    static TwoEnds wishing(int address, boolean free) {
        return new TwoEnds(address, free);
    }

    /** The password as the LNS knows it. */
    void password(String text) {
        password = text.getBytes(StandardCharsets.US_ASCII);
    }

    void dial() {
        give(lns, new SessionInput.Offered(CallEndUnderTest.offer(false, CallEndUnderTest.START)));
        give(lac, new SessionInput.Offered(CallEndUnderTest.offer(true, CallEndUnderTest.START)));
        give(lac, new SessionInput.Control(++ns, new ControlMessage.Icrp(9, List.of())));
    }

    void dialUntilUp() {
        dial();
        run(ends -> SessionDecider.forwardingEntry(ends.lns.state) != null
                && SessionDecider.forwardingEntry(ends.lac.state) != null);
    }

    void give(CallEndUnderTest end, SessionInput input) {
        deliveries.add(new Delivery(end, input));
        deliver();
    }

    /** Lets time pass, deadline by deadline, until this holds; fails after ten minutes of the clock. */
    void run(Predicate<TwoEnds> until) {
        int steps = 0;
        long end = lns.now + 600_000_000_000L;
        while (!until.test(this)) {
            long next = Math.min(lns.deadline(), lac.deadline());
            if (next > end || ++steps > 1_000) {
                throw new AssertionError("nothing happens any more: " + SessionView.of(lns.state) + lns.journal);
            }
            long now = Math.max(lns.now, next);
            lns.now = now;
            lac.now = now;
            for (CallEndUnderTest ticking : List.of(lns, lac)) {
                if (now >= ticking.deadline()) {
                    give(ticking, new SessionInput.Tick());
                }
            }
        }
    }

    private void deliver() {
        for (Delivery next = deliveries.poll(); next != null; next = deliveries.poll()) {
            if (lacIsDeaf && next.to() == lac) {
                continue;
            }
            for (SessionEffect effect : next.to().on(next.input())) {
                Delivery answer = answer(next.to(), effect);
                if (answer != null) {
                    deliveries.add(answer);
                }
            }
        }
    }

    private @Nullable Delivery answer(CallEndUnderTest end, SessionEffect effect) {
        CallEndUnderTest other = end == lns ? lac : lns;
        return switch (effect) {
            case SessionEffect.SendControl(ControlMessage message) ->
                new Delivery(other, new SessionInput.Control(++ns, message));
            case SessionEffect.SendFrame frame -> new Delivery(other, new SessionInput.Frame(frame.frame()));
            case SessionEffect.RequestAccess(AccessRequest request) ->
                accessIsSlow
                        ? null
                        : new Delivery(end, new SessionInput.AccessDecided(request, decide(request.credentials())));
            case SessionEffect.LeaseAddress(int address) ->
                new Delivery(end, new SessionInput.AddressLeased(address, wishIsFree));
            case SessionEffect.Account(AccountingRecord record) -> {
                told.add(record);
                yield new Delivery(end, new SessionInput.Accounted(record, booksAreOpen));
            }
            case SessionEffect.Leave _,
                    SessionEffect.Confirm _,
                    SessionEffect.Install _,
                    SessionEffect.Uninstall _,
                    SessionEffect.Limit _,
                    SessionEffect.ReleaseAddress _,
                    SessionEffect.Dropped _,
                    SessionEffect.Later _,
                    SessionEffect.Stop _ -> null;
        };
    }

    private AccessDecision decide(Credentials credentials) {
        String response = null;
        MppeKeys keys = null;
        boolean right;
        switch (credentials) {
            case Credentials.Pap pap -> right = Pap.matches(pap, password);
            case Credentials.ChapMd5 chap -> right = ChapMd5.matches(chap, password);
            case Credentials.MsChapV2 chap -> {
                response = MsChapV2.verify(chap, password);
                MasterKeys master = MsChapV2.keys(chap, password);
                keys = new MppeKeys(master.send(), master.receive(), 0, 0);
                right = response != null;
            }
            case Credentials.Eap eap -> {
                EapPacket.Response shown = response(eap);
                if (eap.round() == null) {
                    Bytes challenge = Bytes.of(new byte[EapMd5.CHALLENGE_LENGTH]);
                    return new AccessDecision.Challenged(
                            EapMd5.request(shown.id() + 1 & 0xff, challenge, "lns")
                                    .encode(),
                            new EapRound("one", challenge),
                            Duration.ZERO);
                }
                Credentials.ChapMd5 chap =
                        EapMd5.shown(eap.user(), shown, eap.round().state());
                right = chap != null && ChapMd5.matches(chap, password);
            }
        }
        return right
                ? new AccessDecision.Granted(
                        credentials.user(),
                        CallEndUnderTest.ASSIGNED,
                        List.of(CallEndUnderTest.DNS),
                        permitted,
                        limits,
                        response,
                        profile,
                        keys)
                : new AccessDecision.Denied("wrong password", false);
    }

    private static EapPacket.Response response(Credentials.Eap eap) {
        try {
            return (EapPacket.Response) EapPacket.decode(eap.packet());
        } catch (WireException bad) {
            throw new AssertionError(bad);
        }
    }

    static Bytes hex(String hex) {
        return Bytes.ofHex(hex.replace(" ", ""));
    }
}
