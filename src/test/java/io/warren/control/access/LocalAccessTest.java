package io.warren.control.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.config.Cidr;
import io.warren.config.RateLimits;
import io.warren.control.port.AccessDecision;
import io.warren.control.port.AccessDecision.Denied;
import io.warren.control.port.AccessDecision.Granted;
import io.warren.control.port.AccessRequest;
import io.warren.control.port.Endpoint;
import io.warren.control.port.MppeKeys;
import io.warren.control.port.PeerPath;
import io.warren.control.port.SessionKey;
import io.warren.control.port.SubscriberProfile;
import io.warren.control.port.TrafficLimits;
import io.warren.ppp.Credentials;
import io.warren.wire.Bytes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalAccessTest {
    private static final PeerPath PATH = new PeerPath(
            new Endpoint(Bytes.of((byte) 192, (byte) 0, (byte) 2, (byte) 1), 1701),
            new Endpoint(Bytes.of((byte) 192, (byte) 0, (byte) 2, (byte) 2), 1701));
    private static final List<Integer> DNS = List.of(0x0a000001);

    private final LocalAccess access;

    private final Path directory;

    LocalAccessTest(@TempDir Path directory) throws Exception {
        this.directory = directory;
        Path file = directory.resolve("users");
        Files.writeString(file, """
                pool    *  secret
                any     *  secret  *
                but     *  secret  !10.0.0.2 !10.0.0.3 *
                fixed   *  secret  192.0.2.7
                several *  secret  10.0.0.6 192.0.2.8/31
                none    *  secret  -
                User    *  clientPass
                """);
        access = new LocalAccess(
                UsersFile.open(file, "lns"),
                new AddressPools(Map.of("default", List.of("10.0.0.0/29"), "more", List.of("10.1.0.0/30")), 0x0a000001),
                DNS);
    }

    @Test
    void aRightPasswordGetsAnAddressOfTheDefaultPool() {
        Granted granted = granted(1, "pool");
        assertThat(granted)
                .isEqualTo(new Granted("pool", address("10.0.0.2"), DNS, List.of(), TrafficLimits.NONE, null));
    }

    @Test
    void wrongPasswordAndUnknownUserAreDenied() {
        assertThat(pap(1, "pool", "wrong")).isEqualTo(new Denied("wrong password", false));
        assertThat(pap(1, "stranger", "secret")).isEqualTo(new Denied("unknown user", false));
        assertThat(pap(1, "stranger", "nobody has this secret")).isEqualTo(new Denied("unknown user", false));
    }

    @Test
    void chapMd5IsVerified() throws Exception {
        MessageDigest md5 = MessageDigest.getInstance("MD5");
        md5.update((byte) 7);
        md5.update("secret".getBytes(StandardCharsets.US_ASCII));
        md5.update(new byte[] {1, 2, 3});
        Bytes response = Bytes.of(md5.digest());
        Bytes challenge = Bytes.of((byte) 1, (byte) 2, (byte) 3);
        assertThat(decide(1, new Credentials.ChapMd5("pool", 7, challenge, response)))
                .isInstanceOf(Granted.class);
        assertThat(decide(1, new Credentials.ChapMd5("pool", 8, challenge, response)))
                .isEqualTo(new Denied("wrong password", false));
    }

    /** The example of RFC 2759 §9.2, and its keys in RFC 3079 §3.5.3. */
    @Test
    void msChapV2IsVerifiedAndAnswered() {
        Bytes challenge = Bytes.ofHex("5b5d7c7d7b3f2f3e3c2c602132262628");
        String response = "21402324255e262a28295f2b3a337c7e" + "0000000000000000"
                + "82309ecd8d708b5ea08faa3981cd83544233114a3d85d6df" + "00";
        AccessDecision decision = decide(1, new Credentials.MsChapV2("User", 1, challenge, Bytes.ofHex(response)));
        assertThat(decision)
                .isEqualTo(new Granted(
                        "User",
                        address("10.0.0.2"),
                        DNS,
                        List.of(),
                        TrafficLimits.NONE,
                        "S=407A5589115FD0D6209F510FE9C04566932CDA56",
                        SubscriberProfile.NONE,
                        new MppeKeys(
                                Bytes.ofHex("8b7cdc149b993a1ba118cb153f56dccb"),
                                Bytes.ofHex("d5f0e9521e3ea9589645e86051c82226"),
                                0,
                                0)));
        assertThat(decide(
                        2,
                        new Credentials.MsChapV2("User", 1, challenge, Bytes.ofHex(response.replace("8230", "8231")))))
                .isEqualTo(new Denied("wrong password", false));
    }

    @Test
    void aFixedAddressIsTheUsersAlone() {
        assertThat(granted(1, "fixed").address()).isEqualTo(address("192.0.2.7"));
        assertThat(granted(1, "fixed").permitted()).containsExactly("192.0.2.7/32");
        assertThat(pap(2, "fixed", "secret")).isEqualTo(new Denied("the user's addresses are in use", true));
        access.release(new SessionKey(1, 1), address("192.0.2.7"));
        assertThat(granted(2, "fixed").address()).isEqualTo(address("192.0.2.7"));
    }

    @Test
    void ofSeveralAddressesTheFirstFreeOneIsTaken() {
        assertThat(granted(1, "several").address()).isEqualTo(address("10.0.0.6"));
        assertThat(granted(2, "several").address()).isEqualTo(address("192.0.2.8"));
        assertThat(granted(3, "several").address()).isEqualTo(address("192.0.2.9"));
        assertThat(pap(4, "several", "secret")).isInstanceOf(Denied.class);
    }

    @Test
    void anyMeansTheDefaultPoolAndWishesInsideThePools() {
        Granted granted = granted(1, "any");
        assertThat(granted.address()).isEqualTo(address("10.0.0.2"));
        assertThat(granted.permitted()).containsExactlyInAnyOrder("10.0.0.0/29", "10.1.0.0/30");
    }

    @Test
    void anyButSome() {
        Granted granted = granted(1, "but");
        assertThat(granted.address()).isEqualTo(address("10.0.0.4"));
        assertThat(granted.permitted()).containsExactlyInAnyOrder("10.0.0.0/31", "10.0.0.4/30", "10.1.0.0/30");
    }

    @Test
    void whoMayHaveNoAddressIsDenied() {
        assertThat(pap(1, "none", "secret")).isEqualTo(new Denied("the user may not have an address", false));
    }

    @Test
    void aFullPoolIsBusyAndNotAFailedPassword() {
        for (int session = 1; session <= 5; session++) {
            granted(session, "pool");
        }
        assertThat(pap(6, "pool", "secret")).isEqualTo(new Denied("no free address in pool default", true));
        assertThat(pap(6, "pool", "wrong")).isEqualTo(new Denied("wrong password", false));
    }

    @Test
    void aWishIsLeasedWhenFree() {
        granted(1, "any");
        assertThat(access.lease(new SessionKey(1, 1), address("10.0.0.5"))).isCompletedWithValue(true);
        assertThat(access.lease(new SessionKey(1, 2), address("10.0.0.5"))).isCompletedWithValue(false);
        assertThat(access.lease(new SessionKey(1, 2), address("10.0.0.1")))
                .as("our own")
                .isCompletedWithValue(false);
    }

    @Test
    void aRestoredCallKeepsItsAddress() {
        access.restore(new SessionKey(1, 9), address("192.0.2.7"));
        assertThat(pap(1, "fixed", "secret")).isInstanceOf(Denied.class);
    }

    private Granted granted(int session, String user) {
        AccessDecision decision = pap(session, user, "secret");
        assertThat(decision).isInstanceOf(Granted.class);
        return (Granted) decision;
    }

    private AccessDecision pap(int session, String user, String password) {
        return decide(session, new Credentials.Pap(user, Bytes.of(password.getBytes(StandardCharsets.US_ASCII))));
    }

    private AccessDecision decide(int session, Credentials credentials) {
        return access.decide(new AccessRequest(new SessionKey(1, session), credentials, "lac", PATH, null, null))
                .toCompletableFuture()
                .join();
    }

    private static int address(String text) {
        return Cidr.parse(text).base();
    }

    @Test
    void limitsAreTheUsersOwnOverThoseForAll() throws Exception {
        Path file = Files.writeString(directory.resolve("limited"), """
                usual * secret
                fast  * secret * down=100M up-burst=256K
                free  * secret 192.0.2.9 down=off up=off
                """);
        LocalAccess limited = new LocalAccess(
                UsersFile.open(file, "lns"),
                new AddressPools(Map.of("default", List.of("10.0.0.0/29")), 0x0a000001),
                DNS,
                new RateLimits(20_000_000, 5_000_000, 0, 0, 20_000));
        assertThat(limits(limited, "usual")).isEqualTo(new TrafficLimits(625_000, 0, 2_500_000, 0, 20_000));
        assertThat(limits(limited, "fast")).isEqualTo(new TrafficLimits(625_000, 262_144, 12_500_000, 0, 20_000));
        assertThat(limits(limited, "free")).isEqualTo(new TrafficLimits(0, 0, 0, 0, 20_000));
    }

    private static TrafficLimits limits(LocalAccess access, String user) {
        AccessRequest request = new AccessRequest(
                new SessionKey(1, user.hashCode() & 0xff),
                new Credentials.Pap(user, Bytes.of("secret".getBytes(StandardCharsets.US_ASCII))),
                "lac",
                PATH,
                null,
                null);
        AccessDecision decision = access.decide(request).toCompletableFuture().join();
        assertThat(decision).isInstanceOf(Granted.class);
        return ((Granted) decision).limits();
    }
}
