package io.warren.radius;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.config.Ipv4;
import io.warren.control.port.SubscriberRoutes;
import io.warren.wire.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteAttributesTest {
    private static final int ADDRESS = Ipv4.parse("10.64.100.7").bits();

    private final List<String> complaints = new ArrayList<>();

    private SubscriberRoutes read(Attributes.Builder attributes) {
        return RouteAttributes.read(attributes.build(), ADDRESS, complaints::add);
    }

    private static Attributes.Builder route(String text) {
        return Attributes.builder().text(RadiusAttribute.FRAMED_ROUTE, text);
    }

    private static Attributes.Builder ipv6Route(String text) {
        return Attributes.builder().text(RadiusAttribute.FRAMED_IPV6_ROUTE, text);
    }

    @ParameterizedTest
    @CsvSource({
        "10.9.0.0/24,                           10.9.0.0/24",
        "10.9.0.0/24 0.0.0.0,                   10.9.0.0/24",
        "10.9.0.0/24 0.0.0.0 1,                 10.9.0.0/24",
        "10.9.0.0/24 10.64.100.7 1 2 -,         ''",
        "10.9.0.0/24 10.64.100.7 1 2 3,         10.9.0.0/24",
        "192.168.1.0/24 192.168.1.1 1 2 -1 3 400, 192.168.1.0/24",
        "10.9.0.0/24 10.9.0.1 1,                10.9.0.0/24",
        "10.9.0.0/24 1,                         10.9.0.0/24",
        "'  10.9.0.0/24   0.0.0.0  1 ',         10.9.0.0/24",
        "10.9.0.7/24 0.0.0.0 1,                 10.9.0.0/24",
        "10.9.0.0/255.255.255.0 0.0.0.0,        10.9.0.0/24",
        "10.9.0.0 255.255.255.0 0.0.0.0 1,      10.9.0.0/24",
        "192.168.1.0 192.168.1.1 1,             192.168.1.0/24",
        "172.16.0.0 0.0.0.0,                    172.16.0.0/16",
        "10.0.0.0 0.0.0.0,                      10.0.0.0/8",
        "198.51.100.9/32,                       198.51.100.9/32",
    })
    void theUsualFormsAreUnderstood(String text, String network) {
        SubscriberRoutes routes = read(route(text));
        assertThat(routes.ipv4().stream().map(Object::toString))
                .as("%s", complaints)
                .isEqualTo(network.isEmpty() ? List.of() : List.of(network));
        assertThat(complaints).hasSize(network.isEmpty() ? 1 : 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.9.0.0/33",
                "10.9.0.0/",
                "10.9.0/24",
                "lan",
                "10.9.0.0/24 router",
                "10.9.0.0/24 192.0.2.1 1",
                "10.9.0.0/255.0.255.0",
                "0.0.0.0/0",
                "10.0.0.0/7",
                "224.0.0.0/8",
                "127.0.0.0/8",
                "2001:db8::/32",
                " ",
            })
    void whatCannotBeUsedIsLeftOutAndSaid(String text) {
        SubscriberRoutes routes = read(route(text).text(RadiusAttribute.FRAMED_ROUTE, "10.9.0.0/24 0.0.0.0 1"));
        assertThat(routes.ipv4()).as("the other one").hasSize(1);
        assertThat(complaints).singleElement().asString().startsWith("Framed-Route");
    }

    @ParameterizedTest
    @CsvSource({
        "2001:db8:9::/48,                       2001:db8:9:0:0:0:0:0/48",
        "2001:db8:9::/48 :: 1,                  2001:db8:9:0:0:0:0:0/48",
        "2001:db8:9::/48 fe80::1 1,             2001:db8:9:0:0:0:0:0/48",
        "2001:db8:9::/48 2001:db8:9::1 1,       2001:db8:9:0:0:0:0:0/48",
        "2001:db8:9::/48 2001:db8:1::5 1,       2001:db8:9:0:0:0:0:0/48",
        "2001:db8:9::/48 2001:db8:2::5 1,       ''",
        "2001:db8:9:1::/64 ::,                  2001:db8:9:1:0:0:0:0/64",
        "2001:db8:9:1::1/128 ::,                ''",
        "::/0 ::,                               ''",
        "fe80::/64 ::,                          ''",
        "ff00::/16 ::,                          ''",
        "2001:db8:9:: ::,                       ''",
        "10.9.0.0/24 ::,                        ''",
        "2001:db8:9::/129,                      ''",
    })
    void ipv6RoutesToo(String text, String network) {
        SubscriberRoutes routes = read(
                ipv6Route(text).octets(RadiusAttribute.FRAMED_IPV6_PREFIX, Bytes.ofHex("0040" + "20010db800010000")));
        assertThat(routes.ipv6().stream().map(Object::toString))
                .as("%s", complaints)
                .isEqualTo(network.isEmpty() ? List.of() : List.of(network));
        assertThat(complaints).hasSize(network.isEmpty() ? 1 : 0);
    }

    @ParameterizedTest
    @CsvSource({
        "255.255.255.0,   10.64.100.0/24, 0",
        "255.255.255.248, 10.64.100.0/29, 0",
        "255.255.255.255, '',             0",
        "255.0.255.0,     '',             1",
        "0.0.0.0,         '',             1",
    })
    void theNetmaskGivesTheNetworkOfTheAddress(String mask, String network, int said) {
        Attributes.Builder attributes = Attributes.builder()
                .integer(RadiusAttribute.FRAMED_IP_NETMASK, Ipv4.parse(mask).bits());
        assertThat(read(attributes).ipv4().stream().map(Object::toString))
                .isEqualTo(network.isEmpty() ? List.of() : List.of(network));
        assertThat(complaints).hasSize(said);
        assertThat(RouteAttributes.read(attributes.build(), 0, _ -> {}).ipv4())
                .as("of an address out of a pool nobody has said that its neighbours are his")
                .isEmpty();
    }

    @Test
    void thereAreNotMoreThanThereMayBe() {
        Attributes.Builder many = Attributes.builder();
        for (int i = 0; i < 70; i++) {
            many.text(RadiusAttribute.FRAMED_ROUTE, "10.9." + i + ".0/24");
            many.text(RadiusAttribute.FRAMED_ROUTE, "10.9.0.0/24 0.0.0.0");
        }
        assertThat(read(many).ipv4()).hasSize(SubscriberRoutes.MOST).doesNotHaveDuplicates();
        assertThat(complaints).hasSize(6);
    }

    @Test
    void nothingIsTooStrange() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String letters = "0123456789./: abcdef-\u0000\u00e9";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder(i % 2 == 0 ? "10.9.0.0/24 " : "");
            int length = random.nextInt(30);
            for (int j = 0; j < length; j++) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            byte[] octets = text.toString().getBytes(StandardCharsets.UTF_8);
            SubscriberRoutes routes = read(Attributes.builder()
                    .octets(RadiusAttribute.FRAMED_ROUTE, Bytes.of(octets))
                    .octets(RadiusAttribute.FRAMED_IPV6_ROUTE, Bytes.of(octets)));
            assertThat(routes.ipv4()).as("seed %d", seed).allMatch(SubscriberRoutes::isUsable);
            assertThat(routes.ipv6()).as("seed %d", seed).allMatch(SubscriberRoutes::isUsable);
        }
    }
}
