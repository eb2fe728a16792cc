package io.warren.app;

import io.warren.config.FilterRules;
import io.warren.config.PeerSettings;
import io.warren.config.Secret;
import io.warren.config.Settings;
import io.warren.control.ingress.IngressLimits;
import io.warren.control.ipv6.RouterSettings;
import io.warren.control.reliable.RetransmitPolicy;
import io.warren.control.session.PeerPolicy;
import io.warren.control.session.SessionSettings;
import io.warren.control.tunnel.FailoverSettings;
import io.warren.control.tunnel.TunnelSettings;
import io.warren.ppp.AuthenticationMethod;
import io.warren.ppp.DeflatePolicy;
import io.warren.ppp.LinkSettings;
import io.warren.ppp.MppePolicy;
import io.warren.ppp.ProxyPolicy;
import io.warren.wire.Bytes;
import io.warren.wire.WireWriter;
import io.warren.wire.ipv6.Ipv6Address;
import io.warren.wire.l2tp.TunnelSecret;
import io.warren.wire.mppe.Strength;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The configuration, in the words of the parts that it is for. */
final class ControlSettings {
    private static final int DUID_UUID = 4;
    private static final String VENDOR = "Warren";

    private ControlSettings() {}

    static @Nullable TunnelSecret secret(Settings settings) {
        Secret secret = settings.tunnelSecret();
        return secret == null ? null : TunnelSecret.of(secret.reveal());
    }

    static TunnelSettings tunnel(Settings settings) {
        Settings.Retransmit retransmit = settings.retransmit();
        return new TunnelSettings(
                settings.hostname(),
                VENDOR,
                secret(settings),
                settings.hideAvps(),
                settings.receiveWindow(),
                new RetransmitPolicy(retransmit.initial(), retransmit.cap(), retransmit.attempts()),
                settings.helloInterval(),
                settings.helloTolerant(),
                settings.timeouts().tunnelSetup(),
                settings.limits().sessionsPerTunnel(),
                settings.limits().callsInSetup(),
                failover(settings.failover()),
                settings.peers().stream()
                        .map(peer -> new TunnelSettings.HelloTolerance(
                                peer.peers(),
                                Objects.requireNonNullElse(peer.helloTolerant(), settings.helloTolerant())))
                        .toList());
    }

    private static FailoverSettings failover(Settings.Failover failover) {
        FailoverSettings.Use use = switch (failover.capability()) {
            case OFF -> FailoverSettings.Use.OFF;
            case ANSWER -> FailoverSettings.Use.ANSWER;
            case OFFER -> FailoverSettings.Use.OFFER;
        };
        return new FailoverSettings(use, failover.longestRecovery());
    }

    /** A tunnel that ended before is not spoken of any more by either end. */
    static Instant lingeringSince(Settings settings) {
        return Instant.now().minus(tunnel(settings).retransmit().cycle());
    }

    static SessionSettings session(Settings settings) {
        Settings.Timeouts timeouts = settings.timeouts();
        return new SessionSettings(
                link(settings),
                null,
                timeouts.callConnect(),
                timeouts.callSetup(),
                timeouts.lcpTerminate(),
                settings.radius().accounts()
                        ? new SessionSettings.Accounting(
                                settings.radius().accounting().interim())
                        : null,
                settings.ipv6().allowed() ? router(settings) : null,
                proxy(settings, settings.ppp().proxyLcp(), settings.ppp().proxyAuthentication()),
                settings.peers().stream().map(peer -> policy(settings, peer)).toList(),
                settings.filters().stream().map(FilterRules::name).collect(Collectors.toSet()));
    }

    private static PeerPolicy policy(Settings settings, PeerSettings peer) {
        Settings.Ppp ppp = settings.ppp();
        PeerSettings.ProxyLcp lcp = peer.proxyLcp();
        PeerSettings.ProxyAuthentication credentials = peer.proxyAuthentication();
        Integer mru = peer.mru();
        return new PeerPolicy(
                peer.peers(),
                link(
                        settings,
                        peer.authentication().isEmpty() ? ppp.authentication() : peer.authentication(),
                        mru == null ? ppp.mru() : mru,
                        settings.ipv6().allowed() && peer.ipv6()),
                proxy(
                        settings,
                        lcp == null ? ppp.proxyLcp() : lcp,
                        credentials == null ? ppp.proxyAuthentication() : credentials));
    }

    private static ProxyPolicy proxy(
            Settings settings, PeerSettings.ProxyLcp lcp, PeerSettings.ProxyAuthentication credentials) {
        return new ProxyPolicy(
                switch (lcp) {
                    case ACCEPT -> ProxyPolicy.Lcp.ACCEPT;
                    case ACCEPT_IF_COMPATIBLE -> ProxyPolicy.Lcp.ACCEPT_IF_COMPATIBLE;
                    case RENEGOTIATE -> ProxyPolicy.Lcp.RENEGOTIATE;
                },
                switch (credentials) {
                    case OFF -> ProxyPolicy.Credentials.NONE;
                    case ACCEPT -> ProxyPolicy.Credentials.ALL;
                    // With a secret no tunnel is established whose peer has not shown that it knows it.
                    case WITH_SECRET ->
                        settings.tunnelSecret() == null
                                ? ProxyPolicy.Credentials.PASSWORDS
                                : ProxyPolicy.Credentials.ALL;
                });
    }

    private static RouterSettings router(Settings settings) {
        Settings.Ipv6Service ipv6 = settings.ipv6();
        return new RouterSettings(
                ipv6.advertiseEvery(),
                ipv6.lifetime(),
                ipv6.dns().stream()
                        .map(server -> new Ipv6Address(server.high(), server.low()))
                        .toList(),
                serverDuid(ipv6));
    }

    /** RFC 6355 §4, from what all nodes of a cluster have in common and no other cluster has. */
    private static Bytes serverDuid(Settings.Ipv6Service ipv6) {
        UUID uuid = UUID.nameUUIDFromBytes(
                (ipv6.gateway() + " " + ipv6.pools() + " " + ipv6.delegatedPools()).getBytes(StandardCharsets.UTF_8));
        return new WireWriter()
                .u16(DUID_UUID)
                .u64(uuid.getMostSignificantBits())
                .u64(uuid.getLeastSignificantBits())
                .toBytes();
    }

    static IngressLimits ingress(Settings settings) {
        Settings.Limits limits = settings.limits();
        return new IngressLimits(
                limits.tunnels(),
                limits.tunnelsPerPeer(),
                limits.sccrqRate().perSource(),
                limits.sccrqRate().total());
    }

    private static LinkSettings link(Settings settings) {
        Settings.Ppp ppp = settings.ppp();
        return link(settings, ppp.authentication(), ppp.mru(), settings.ipv6().allowed());
    }

    private static LinkSettings link(
            Settings settings, List<Settings.Authentication> authentication, int mru, boolean ipv6) {
        Settings.Ppp ppp = settings.ppp();
        List<AuthenticationMethod> methods = authentication.stream()
                .map(method -> switch (method) {
                    case PAP -> AuthenticationMethod.PAP;
                    case CHAP_MD5 -> AuthenticationMethod.CHAP_MD5;
                    case MSCHAP_V2 -> AuthenticationMethod.MSCHAP_V2;
                    case EAP -> AuthenticationMethod.EAP;
                })
                .toList();
        return new LinkSettings(
                ppp.mppe() == Settings.Mppe.REQUIRE ? withKeys(methods) : methods,
                settings.hostname(),
                mru,
                settings.gateway().bits(),
                ppp.restartTimer(),
                ppp.firstRestartTimer(),
                ppp.maxConfigure(),
                ppp.maxTerminate(),
                ppp.maxFailure(),
                ppp.echoInterval(),
                ppp.echoFailures(),
                ppp.authenticationTimeout(),
                ipv6,
                mppe(ppp),
                deflate(ppp.deflate()));
    }

    /**
     * The methods that may yield keys for MPPE; all, where none does: who calls has to prove himself in any case, and is
     * told then that he cannot be encrypted.
     */
    private static List<AuthenticationMethod> withKeys(List<AuthenticationMethod> methods) {
        List<AuthenticationMethod> some = methods.stream()
                .filter(method -> method == AuthenticationMethod.MSCHAP_V2 || method == AuthenticationMethod.EAP)
                .toList();
        return some.isEmpty() ? methods : some;
    }

    private static DeflatePolicy deflate(Settings.Deflate deflate) {
        return new DeflatePolicy(
                switch (deflate.use()) {
                    case OFF -> DeflatePolicy.Use.OFF;
                    case ALLOW -> DeflatePolicy.Use.ALLOW;
                    case PREFER -> DeflatePolicy.Use.PREFER;
                    case REQUIRE -> DeflatePolicy.Use.REQUIRE;
                },
                deflate.window());
    }

    private static MppePolicy mppe(Settings.Ppp ppp) {
        MppePolicy.Use use = switch (ppp.mppe()) {
            case OFF -> MppePolicy.Use.OFF;
            case ALLOW -> MppePolicy.Use.ALLOW;
            case PREFER -> MppePolicy.Use.PREFER;
            case REQUIRE -> MppePolicy.Use.REQUIRE;
        };
        return new MppePolicy(
                use,
                ppp.mppeBits().stream()
                        .map(bits -> bits == Strength.BITS_128.bits() ? Strength.BITS_128 : Strength.BITS_40)
                        .toList());
    }
}
