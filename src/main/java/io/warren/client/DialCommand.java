package io.warren.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.warren.ppp.LinkParameters;
import io.warren.ppp.MppePolicy;
import io.warren.wire.Bytes;
import io.warren.wire.l2tp.TunnelSecret;
import io.warren.wire.mppe.Strength;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code warren dial}: call an LNS as a client does. */
@Command(
        name = "dial",
        mixinStandardHelpOptions = true,
        description = {
            "Call an LNS as a client does: tunnel, call, PPP.",
            "With --ping it pings through the call and hangs up. With --tun it moves packets between the call and a TUN"
                    + " device until it is interrupted. With neither it just hangs up again."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:the call came up, ended when we wanted, and a ping (if any) was answered",
            "1:it did not; the reason is printed",
            "2:the command line is wrong"
        })
public final class DialCommand implements Callable<Integer> {
    private static final int DEFAULT_PORT = 1701;
    private static final int FAILED = 1;
    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "HOST",
            description = "The LNS: its address or name, and :PORT if not 1701; [ADDRESS]:PORT with an IPv6 address.")
    @SuppressWarnings("NullAway.Init")
    private String host;

    @Option(names = "--user", required = true, paramLabel = "USER", description = "Who calls.")
    @SuppressWarnings("NullAway.Init")
    private String user;

    @Option(
            names = "--password-file",
            required = true,
            paramLabel = "FILE",
            description = "File with the user's password in its first line.")
    @SuppressWarnings("NullAway.Init")
    private Path passwordFile;

    @Option(
            names = "--secret-file",
            paramLabel = "FILE",
            description = "File with the tunnel's secret in its first line. Without: no tunnel authentication.")
    private @Nullable Path secretFile;

    @Option(
            names = "--tun",
            paramLabel = "NAME",
            description = "Move packets to and from this TUN device, which is made. Needs root.")
    private @Nullable String tun;

    @Option(names = "--ping", paramLabel = "ADDRESS", description = "Ping this IPv4 address through the call.")
    private @Nullable String ping;

    @Option(
            names = "--mppe",
            paramLabel = "POLICY",
            defaultValue = "off",
            description = "Encrypt packets with MPPE: off, allow, prefer or require (default: ${DEFAULT-VALUE}). With"
                    + " encryption, --ping and --tun exclude each other.")
    @SuppressWarnings("NullAway.Init")
    private String mppe;

    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "3",
            description = "How many pings (default: ${DEFAULT-VALUE}).")
    private int count;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long the call may take to come up (default: ${DEFAULT-VALUE}).")
    private int timeout;

    @Option(names = "--json", description = "Print one JSON object at the end, and nothing else.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        DialRequest request = request();
        PrintWriter out = spec.commandLine().getOut();
        DialOutcome outcome;
        try {
            outcome = make(request, out);
        } catch (IOException e) {
            outcome = new DialOutcome(String.valueOf(e.getMessage()), null, null, null);
        }
        report(outcome, out);
        return outcome.success() ? 0 : FAILED;
    }

    /** On Ctrl-C or SIGTERM the JVM ends only after the call was hung up. */
    private DialOutcome make(DialRequest request, PrintWriter out) throws IOException {
        Dialer dialer = new Dialer(request, json ? (_, _) -> {} : (since, text) -> print(out, since, text));
        CountDownLatch over = new CountDownLatch(1);
        Thread hook = new Thread(() -> {
            dialer.hangUp();
            awaitEnd(over);
        });
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return dialer.run();
        } finally {
            over.countDown();
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The JVM is on its way down: the hook is what made us hang up.
                assert e != null;
            }
        }
    }

    private static void awaitEnd(CountDownLatch over) {
        try {
            over.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private DialRequest request() {
        if (count < 1 || timeout < 1) {
            throw usage("--count and --timeout must be at least 1");
        }
        MppePolicy encryption = encryption();
        if (encryption.use() != MppePolicy.Use.OFF && tun != null && ping != null) {
            throw usage("with --mppe write --ping or --tun, not both");
        }
        String secret = secretFile == null ? null : firstLine("--secret-file", secretFile);
        return new DialRequest(
                lns(),
                user,
                Bytes.of(firstLine("--password-file", passwordFile).getBytes(StandardCharsets.UTF_8)),
                secret == null ? null : TunnelSecret.of(secret),
                tun,
                ping == null ? null : ipv4(ping),
                count,
                encryption,
                Duration.ofSeconds(timeout));
    }

    private MppePolicy encryption() {
        for (MppePolicy.Use use : MppePolicy.Use.values()) {
            if (use.name().toLowerCase(Locale.ROOT).equals(mppe)) {
                return new MppePolicy(use, List.of(Strength.BITS_128, Strength.BITS_40));
            }
        }
        throw usage("--mppe takes off, allow, prefer or require, not '" + mppe + "'");
    }

    private InetSocketAddress lns() {
        int colon = host.lastIndexOf(':');
        // Of an IPv6 address without brackets the last colon is its own.
        boolean port = colon >= 0 && (host.indexOf(':') == colon || host.charAt(colon - 1) == ']');
        String name = port ? host.substring(0, colon) : host;
        try {
            if (name.isEmpty()) {
                throw new IllegalArgumentException("no name");
            }
            InetAddress address = InetAddress.getByName(name);
            if (address instanceof Inet6Address && address.isLinkLocalAddress()) {
                throw usage("HOST '" + host + "' is an address of one link only, which tunnels cannot have");
            }
            return new InetSocketAddress(address, port ? Integer.parseInt(host.substring(colon + 1)) : DEFAULT_PORT);
        } catch (UnknownHostException | IllegalArgumentException e) {
            throw usage("HOST '" + host + "' is no address and no known name, with or without a port after a colon");
        }
    }

    private int ipv4(String text) {
        if (!text.matches("\\d{1,3}(\\.\\d{1,3}){3}")) {
            throw usage("--ping takes an IPv4 address, not '" + text + "'");
        }
        int address = 0;
        for (String part : text.split("\\.", -1)) {
            int octet = Integer.parseInt(part);
            if (octet > 255) {
                throw usage("--ping takes an IPv4 address, not '" + text + "'");
            }
            address = address << 8 | octet;
        }
        return address;
    }

    private String firstLine(String option, Path file) {
        try {
            return Files.readString(file).lines().findFirst().orElse("");
        } catch (IOException e) {
            throw usage(option + ": cannot read " + file + " as text");
        }
    }

    private CommandLine.ParameterException usage(String message) {
        return new CommandLine.ParameterException(spec.commandLine(), message);
    }

    private static void print(PrintWriter out, Duration since, String text) {
        out.printf(Locale.ROOT, "%8.3f s  %s%n", since.toNanos() / 1e9, text);
        out.flush();
    }

    private void report(DialOutcome outcome, PrintWriter out) {
        if (json) {
            out.println(json(outcome));
        } else {
            PingStatistics pings = outcome.pings();
            if (pings != null) {
                out.printf(
                        "%d sent, %d received, round trip least/average/most %s / %s / %s%n",
                        pings.sent(),
                        pings.received(),
                        Dotted.millis(pings.least()),
                        Dotted.millis(pings.average()),
                        Dotted.millis(pings.most()));
            }
            if (outcome.failure() != null) {
                spec.commandLine().getErr().println("warren: dial: " + outcome.failure());
                spec.commandLine().getErr().flush();
            }
        }
        out.flush();
    }

    private static String json(DialOutcome outcome) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("success", outcome.success());
        fields.put("failure", outcome.failure());
        LinkParameters link = outcome.link();
        if (link != null) {
            fields.put("address", Dotted.of(link.localAddress()));
            fields.put("gateway", Dotted.of(link.peerAddress()));
            fields.put("dns", link.dns().stream().map(Dotted::of).toList());
            fields.put("mru", link.peerMru());
            fields.put("mppeBits", link.mppeBits());
        }
        Duration timeToIp = outcome.timeToIp();
        if (timeToIp != null) {
            fields.put("secondsToIp", timeToIp.toNanos() / 1e9);
        }
        PingStatistics pings = outcome.pings();
        if (pings != null) {
            fields.put("pingsSent", pings.sent());
            fields.put("pingsReceived", pings.received());
            fields.put("roundTripMillis", pings.average().toNanos() / 1e6);
        }
        try {
            return JSON.writeValueAsString(fields);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of plain values is always JSON", e);
        }
    }
}
