package io.warren.ppp;

import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.WireReader;
import io.warren.wire.l2tp.ControlMessage;
import io.warren.wire.l2tp.ProxyAuthentication;
import io.warren.wire.ppp.ConfigurationOption;
import io.warren.wire.ppp.LcpOption;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What is taken of the LCP negotiation and the authentication that the LAC has been through with the peer (RFC 2661
 * §4.4.5; whether to is ours to choose, RFC 3437 §2). Three outcomes: LCP counts as Opened and the peer's credentials
 * are decided upon; LCP counts as Opened and we challenge the peer ourselves; or nothing is taken and LCP begins anew.
 * Whatever the AVPs hold, none of it throws.
 *
 * <p>The ACCM is not looked at: it is applied where the asynchronous line ends, at the LAC, who negotiated it.
 */
public final class ProxiedLcp {
    /** Endpoint-Discriminator (RFC 1990 §5.1.3): without Multilink it says no more than a name. */
    private static final int ENDPOINT_DISCRIMINATOR = 19;

    /** Proxy Authen Type (RFC 2661 §4.4.5). MS-CHAPv2 has no number of its own and comes as the CHAP that it is. */
    private static final int TYPE_CHAP = 2;

    private static final int TYPE_PAP = 3;

    /** Octets of a name, and of a challenge: what a RADIUS attribute can hold. */
    private static final int LONGEST = 253;

    private static final int LONGEST_PASSWORD = 255;

    private final @Nullable LcpNegotiation agreed;
    private final @Nullable Credentials credentials;
    private final int lastId;
    private final @Nullable String complaint;

    private ProxiedLcp(
            @Nullable LcpNegotiation agreed,
            @Nullable Credentials credentials,
            int lastId,
            @Nullable String complaint) {
        this.agreed = agreed;
        this.credentials = credentials;
        this.lastId = lastId;
        this.complaint = complaint;
    }

    /** Judges what the LAC's ICCN says; {@code settings} are those of our end of the link. */
    public static ProxiedLcp of(
            ControlMessage.Iccn iccn, ProxyPolicy policy, LinkSettings settings, RandomGenerator random) {
        ProxyAuthentication proxy = iccn.proxyAuthentication();
        int id = proxy == null || proxy.id() == null ? 0 : proxy.id() & 0xff;
        Bytes sent = iccn.lastSentConfReq();
        Bytes received = iccn.lastReceivedConfReq();
        if (policy.lcp() == ProxyPolicy.Lcp.RENEGOTIATE || (sent == null && received == null)) {
            return new ProxiedLcp(null, null, id, null);
        }
        try {
            if (sent == null || received == null) {
                throw new Unusable("one of the two CONFREQs is missing");
            }
            LcpNegotiation agreed = agreed(sent, received, policy, settings, random);
            return authenticated(agreed, proxy, policy, id);
        } catch (Unusable no) {
            return new ProxiedLcp(null, null, id, "proxy LCP not taken: " + no.getMessage());
        }
    }

    /** Why less was taken than the LAC offers; one of a few texts. Null when there is nothing to say. */
    public @Nullable String complaint() {
        return complaint;
    }

    /** LCP as the LAC negotiated it; null: it is to be negotiated anew. */
    @Nullable
    LcpNegotiation agreed() {
        return agreed;
    }

    /** To be decided upon; null: none, or none that we believe. */
    @Nullable
    Credentials credentials() {
        return credentials;
    }

    /** Identifier of the authentication packet that the peer sent last: our answer has it. */
    int lastId() {
        return lastId;
    }

    /** The same identifier would make the peer repeat its old response. */
    int nextChallengeId() {
        return lastId + 1 & 0xff;
    }

    private static LcpNegotiation agreed(
            Bytes sent, Bytes received, ProxyPolicy policy, LinkSettings settings, RandomGenerator random)
            throws Unusable {
        boolean asItIs = policy.lcp() == ProxyPolicy.Lcp.ACCEPT;
        LcpNegotiation ours = LcpNegotiation.of(settings, null).proxied(local(options(sent, asItIs), settings, asItIs));
        // What we would not have acknowledged to the peer itself we do not take from the LAC either.
        if (ours.judge(options(received, asItIs), random)
                instanceof Negotiation.Verdict.Ack<LcpNegotiation>(var both)) {
            return both;
        }
        throw new Unusable("the peer was granted what we do not grant");
    }

    private static List<ConfigurationOption> options(Bytes octets, boolean asItIs) throws Unusable {
        try {
            List<ConfigurationOption> options = ConfigurationOption.decodeAll(WireReader.of(octets));
            return options.stream()
                    .filter(option -> !asItIs || option.type() != ENDPOINT_DISCRIMINATOR)
                    .toList();
        } catch (WireException malformed) {
            throw new Unusable("malformed options");
        }
    }

    /** What the LAC asked of the peer, as if we had. */
    private static LcpNegotiation.Local local(List<ConfigurationOption> sent, LinkSettings settings, boolean asItIs)
            throws Unusable {
        int mru = LcpNegotiation.DEFAULT_MRU;
        long magic = 0;
        AuthenticationMethod method = null;
        for (ConfigurationOption option : sent) {
            switch (LcpOption.of(option)) {
                case LcpOption.Mru(int octets) -> mru = octets;
                case LcpOption.MagicNumber(long number) -> {
                    magic = number;
                    if (number == 0) {
                        throw new Unusable("a magic number of zero");
                    }
                }
                case LcpOption.Authentication asked -> {
                    method = AuthenticationOption.methodOf(asked);
                    if (method == null) {
                        throw new Unusable("an authentication method that we do not ask for");
                    }
                }
                // The peer may leave out what we could do without: we read frames of either kind.
                case LcpOption.Acfc _, LcpOption.Pfc _, LcpOption.Accm _ -> {}
                case LcpOption.Other _ -> throw new Unusable("the LAC asked for options that we do not know");
            }
        }
        check(mru, method, settings, asItIs);
        return new LcpNegotiation.Local(mru == LcpNegotiation.DEFAULT_MRU ? 0 : mru, magic, method, Set.of(), null);
    }

    private static void check(int mru, @Nullable AuthenticationMethod method, LinkSettings settings, boolean asItIs)
            throws Unusable {
        if (mru < LcpNegotiation.LEAST_MRU || (!asItIs && mru > settings.mru())) {
            throw new Unusable("an MRU that we do not ask for");
        }
        List<AuthenticationMethod> methods = settings.authentication();
        if (method == null ? !methods.isEmpty() : !methods.contains(method)) {
            throw new Unusable("an authentication method that we do not ask for");
        }
    }

    /**
     * What was shown to the LAC is taken, or asked for again: only CHAP and its kin can, since with PAP the peer begins,
     * and one that has been answered does not begin again.
     */
    private static ProxiedLcp authenticated(
            LcpNegotiation agreed, @Nullable ProxyAuthentication proxy, ProxyPolicy policy, int id) throws Unusable {
        AuthenticationMethod method = agreed.local().method();
        if (method == null) {
            return new ProxiedLcp(agreed, null, id, null);
        }
        try {
            return new ProxiedLcp(agreed, credentials(method, proxy, policy), id, null);
        } catch (Unusable no) {
            if (method == AuthenticationMethod.PAP) {
                throw no;
            }
            return new ProxiedLcp(agreed, null, id, "proxy authentication not taken: " + no.getMessage());
        }
    }

    private static Credentials credentials(
            AuthenticationMethod method, @Nullable ProxyAuthentication proxy, ProxyPolicy policy) throws Unusable {
        boolean pap = method == AuthenticationMethod.PAP;
        if (policy.credentials() == ProxyPolicy.Credentials.NONE
                || (!pap && policy.credentials() == ProxyPolicy.Credentials.PASSWORDS)) {
            throw new Unusable("not from this peer");
        }
        if (proxy == null || proxy.type() != (pap ? TYPE_PAP : TYPE_CHAP)) {
            throw new Unusable("credentials of another kind, or none");
        }
        String name = proxy.name();
        Bytes challenge = proxy.challenge() == null ? Bytes.EMPTY : proxy.challenge();
        Bytes response = proxy.response();
        Integer id = proxy.id();
        if (name == null || response == null || id == null) {
            throw new Unusable("not complete");
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > LONGEST
                || !fits(method, challenge.length(), response.length())) {
            throw new Unusable("values of a wrong length");
        }
        if (pap) {
            return new Credentials.Pap(name, response);
        }
        return method == AuthenticationMethod.MSCHAP_V2
                ? new Credentials.MsChapV2(name, id, challenge, response)
                : new Credentials.ChapMd5(name, id, challenge, response);
    }

    private static boolean fits(AuthenticationMethod method, int challenge, int response) {
        return switch (method) {
            case PAP -> response <= LONGEST_PASSWORD;
            case CHAP_MD5 -> challenge > 0 && challenge <= LONGEST && response == ChapMd5.RESPONSE_LENGTH;
            case MSCHAP_V2 -> challenge == MsChapV2.CHALLENGE_LENGTH && response == MsChapV2.RESPONSE_LENGTH;
            case EAP -> false; // RFC 2661 §4.4.5 knows no Proxy Authen Type for it.
        };
    }

    /** Never leaves this class. */
    private static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;

        Unusable(String why) {
            super(why, null, false, false);
        }
    }
}
