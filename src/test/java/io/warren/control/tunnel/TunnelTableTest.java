package io.warren.control.tunnel;

import static io.warren.control.tunnel.Exchange.said;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.warren.wire.l2tp.BadMessage;
import io.warren.wire.l2tp.ControlBody;
import io.warren.wire.l2tp.ControlMessage;
import io.warren.wire.l2tp.ControlMessage.Cdn;
import io.warren.wire.l2tp.ControlMessage.StopCcn;
import io.warren.wire.l2tp.FailoverSessionState;
import io.warren.wire.l2tp.MessageType;
import io.warren.wire.l2tp.ResultCode;
import io.warren.wire.l2tp.UnknownMessage;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** RFC 2661 §7.2.1 and the tunnel's share of §7.4: every message in every state, at both ends. */
class TunnelTableTest {
    private static final List<String> STATES = List.of(
            "idle",
            "wait-ctl-reply",
            "wait-ctl-conn",
            "established/initiator",
            "established/responder",
            "closed/initiator",
            "closed/responder");

    /**
     * One column per state above: the new state, then what is said, {@code -} for nothing. 7, 2/8… are result and
     * error codes.
     */
    private static final Map<String, List<String>> TABLE = Map.ofEntries(
            row(
                    "SCCRQ",
                    "wait-ctl-conn SCCRP",
                    "closed StopCCN 7",
                    "closed StopCCN 7",
                    "closed StopCCN 7",
                    "closed StopCCN 7",
                    "closed -",
                    "closed -"),
            row(
                    "SCCRP",
                    "idle StopCCN 2/1",
                    "established SCCCN",
                    "closed StopCCN 7",
                    "closed StopCCN 7",
                    "closed StopCCN 7",
                    "closed -",
                    "closed -"),
            row(
                    "SCCCN",
                    "idle -",
                    "closed StopCCN 7",
                    "established -",
                    "closed StopCCN 7",
                    "closed StopCCN 7",
                    "closed -",
                    "closed -"),
            row("StopCCN", "idle -", "closed -", "closed -", "closed -", "closed -", "closed -", "closed -"),
            row(
                    "HELLO",
                    "idle -",
                    "wait-ctl-reply -",
                    "wait-ctl-conn -",
                    "established -",
                    "established -",
                    "closed -",
                    "closed -"),
            calls("ICRQ", "ICRP"),
            calls("ICRP", "-"),
            calls("ICCN", "-"),
            calls("WEN", "-"),
            calls("SLI", "-"),
            calls("CSUN", "-"),
            calls("CSURQ", "-"),
            calls("FSQ", "-"),
            calls("FSR", "-"),
            calls("OCRQ", "CDN 5"),
            calls("OCRP", "CDN 2/5"),
            calls("OCCN", "-"),
            row(
                    "CDN",
                    "idle -",
                    "wait-ctl-reply -",
                    "wait-ctl-conn -",
                    "established -",
                    "established -",
                    "closed -",
                    "closed -"),
            row(
                    "unknown mandatory",
                    "idle -",
                    "closed StopCCN 2/8",
                    "closed StopCCN 2/8",
                    "closed StopCCN 2/8",
                    "closed StopCCN 2/8",
                    "closed -",
                    "closed -"),
            row(
                    "unknown optional",
                    "idle -",
                    "wait-ctl-reply -",
                    "wait-ctl-conn -",
                    "established -",
                    "established -",
                    "closed -",
                    "closed -"),
            row(
                    "bad SCCRQ",
                    "idle StopCCN 2/3",
                    "closed StopCCN 2/3",
                    "closed StopCCN 2/3",
                    "closed StopCCN 2/3",
                    "closed StopCCN 2/3",
                    "closed -",
                    "closed -"),
            row(
                    "bad SCCRP",
                    "idle -",
                    "closed StopCCN 2/3",
                    "closed StopCCN 2/3",
                    "closed StopCCN 2/3",
                    "closed StopCCN 2/3",
                    "closed -",
                    "closed -"),
            row("bad StopCCN", "idle -", "closed -", "closed -", "closed -", "closed -", "closed -", "closed -"),
            row(
                    "bad ICRQ",
                    "idle -",
                    "closed StopCCN 2/3",
                    "closed StopCCN 2/3",
                    "established CDN 2/3",
                    "established CDN 2/3",
                    "closed -",
                    "closed -"),
            row(
                    "bad ICCN",
                    "idle -",
                    "closed StopCCN 2/3",
                    "closed StopCCN 2/3",
                    "established -",
                    "established -",
                    "closed -",
                    "closed -"));

    private static final Map<String, ControlBody> MESSAGES = Map.ofEntries(
            Map.entry("SCCRQ", Exchange.sccrq(null, null)),
            Map.entry("SCCRP", Exchange.sccrp(null, null)),
            Map.entry("SCCCN", new ControlMessage.Scccn(null, List.of())),
            Map.entry("StopCCN", Exchange.stopCcn()),
            Map.entry("HELLO", new ControlMessage.Hello()),
            Map.entry("ICRQ", Exchange.icrq(31)),
            Map.entry("ICRP", new ControlMessage.Icrp(31, List.of())),
            Map.entry("ICCN", Exchange.iccn()),
            Map.entry("WEN", new ControlMessage.Wen(0, 0, 0, 0, 0, 0, List.of())),
            Map.entry("SLI", Exchange.sli()),
            Map.entry("CSUN", new ControlMessage.Csun(List.of(), List.of())),
            Map.entry("CSURQ", new ControlMessage.Csurq(List.of(), List.of())),
            Map.entry("FSQ", new ControlMessage.Fsq(List.of(new FailoverSessionState(31, 1)), List.of())),
            Map.entry("FSR", new ControlMessage.Fsr(List.of(new FailoverSessionState(0, 1)), List.of())),
            Map.entry("OCRQ", new ControlMessage.Ocrq(31, 1, 0, 0, 0, 0, "1", null, List.of())),
            Map.entry("OCRP", new ControlMessage.Ocrp(31, null, List.of())),
            Map.entry("OCCN", new ControlMessage.Occn(1, 1, null, false, List.of())),
            Map.entry("CDN", Exchange.cdn(31)),
            Map.entry("unknown mandatory", new UnknownMessage(99, true)),
            Map.entry("unknown optional", new UnknownMessage(99, false)),
            Map.entry("bad SCCRQ", new BadMessage(MessageType.SCCRQ, Exchange.PEER_TUNNEL, 3, "test")),
            Map.entry("bad SCCRP", new BadMessage(MessageType.SCCRP, Exchange.PEER_TUNNEL, 3, "test")),
            Map.entry("bad StopCCN", new BadMessage(MessageType.STOP_CCN, Exchange.PEER_TUNNEL, 3, "test")),
            Map.entry("bad ICRQ", new BadMessage(MessageType.ICRQ, 31, 3, "test")),
            Map.entry("bad ICCN", new BadMessage(MessageType.ICCN, 0, 3, "test")));

    static Stream<Arguments> cells() {
        return TABLE.entrySet().stream()
                .flatMap(row -> Stream.iterate(0, column -> column + 1)
                        .limit(STATES.size())
                        .map(column -> Arguments.of(
                                STATES.get(column), row.getKey(), row.getValue().get(column))));
    }

    @ParameterizedTest(name = "{0}, receive {1}: {2}")
    @MethodSource("cells")
    void cell(String stateName, String messageName, String expected) {
        Exchange exchange = in(stateName);
        int acknowledged = exchange.peerNs + 1;
        List<TunnelEffect> effects = exchange.hear(requireNonNull(MESSAGES.get(messageName)));
        String outcome = exchange.state.name() + " " + words(said(effects));
        assertThat(outcome).isEqualTo(expected);
        if (!stateName.equals("idle")) {
            assertThat(Exchange.sent(effects)).isNotEmpty().allMatch(packet -> packet.nr() == acknowledged);
        }
        assertThat(exchange.recovered().name()).isEqualTo(exchange.state.name());
    }

    private static Exchange in(String stateName) {
        Exchange exchange = Exchange.plain();
        switch (stateName) {
            case "wait-ctl-reply" -> exchange.decide(new TunnelInput.Open(Exchange.PATH));
            case "wait-ctl-conn" -> exchange.hearSccrq(Exchange.sccrq(null, null));
            case "established/initiator", "closed/initiator" -> exchange.establishedAsInitiator();
            case "established/responder", "closed/responder" -> exchange.establishedAsResponder();
            default -> assertThat(stateName).isEqualTo("idle");
        }
        exchange.acknowledge();
        if (stateName.startsWith("closed")) {
            exchange.decide(new TunnelInput.Close(ResultCode.of(1), "operator"));
            exchange.acknowledge();
        }
        return exchange;
    }

    private static String words(List<ControlBody> bodies) {
        return bodies.isEmpty()
                ? "-"
                : String.join(", ", bodies.stream().map(TunnelTableTest::word).toList());
    }

    private static String word(ControlBody body) {
        return switch (body) {
            case StopCcn stop -> "StopCCN " + word(stop.result());
            case Cdn cdn -> "CDN " + word(cdn.result());
            case ControlMessage message -> message.type().name();
            default -> body.toString();
        };
    }

    private static String word(ResultCode result) {
        Integer error = result.errorCode();
        return error == null || error == 0 ? String.valueOf(result.code()) : result.code() + "/" + error;
    }

    private static Map.Entry<String, List<String>> row(String message, String... cells) {
        return Map.entry(message, List.of(cells));
    }

    /** A message that only makes sense in an established tunnel. */
    private static Map.Entry<String, List<String>> calls(String message, String answer) {
        return row(
                message,
                "idle -",
                "closed StopCCN 7",
                "closed StopCCN 7",
                "established " + answer,
                "established " + answer,
                "closed -",
                "closed -");
    }
}
