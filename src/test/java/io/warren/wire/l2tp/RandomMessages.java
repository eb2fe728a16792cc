package io.warren.wire.l2tp;

import io.warren.wire.Bytes;
import io.warren.wire.WireWriter;
import io.warren.wire.l2tp.ControlMessage.*;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Control messages with random content: every AVP there or not, every length that fits. */
final class RandomMessages {
    /** As hiding takes two octets. */
    private static final int LONGEST = AvpType.LONGEST_VALUE - 2;

    private final Random random;

    RandomMessages(long seed) {
        random = new Random(seed);
    }

    ControlMessage next(MessageType type) {
        return switch (type) {
            case SCCRQ -> sccrq();
            case SCCRP -> sccrp();
            case SCCCN -> new Scccn(maybe(() -> octets(16, 16)), others());
            case STOP_CCN -> new StopCcn(u16(), resultCode(), others());
            case HELLO -> new Hello(others());
            case OCRQ -> new Ocrq(id(), u32(), u32(), u32(), u32(), u32(), text(), maybe(this::text), others());
            case OCRP -> new Ocrp(id(), maybe(this::u32), others());
            case OCCN -> new Occn(u32(), u32(), maybe(this::u32), random.nextBoolean(), others());
            case ICRQ ->
                new Icrq(
                        id(),
                        u32(),
                        maybe(this::u32),
                        maybe(this::u32),
                        maybe(this::text),
                        maybe(this::text),
                        maybe(this::text),
                        accessLine(),
                        others());
            case ICRP -> new Icrp(id(), others());
            case ICCN -> iccn();
            case CDN ->
                new Cdn(
                        resultCode(),
                        u16(),
                        maybe(() -> octets(3, LONGEST)),
                        maybe(() -> new DisconnectCause(u16(), u16(), random.nextInt(256), text())),
                        others());
            case WEN -> new Wen(u32(), u32(), u32(), u32(), u32(), u32(), others());
            case SLI -> new Sli(u32(), u32(), others());
            case FSQ -> new Fsq(sessionStates(), others());
            case FSR -> new Fsr(sessionStates(), others());
            case CSUN -> new Csun(speedUpdates(), others());
            case CSURQ -> new Csurq(speedUpdates(), others());
        };
    }

    Hiding hiding() {
        return new Hiding(TunnelSecret.of(text()), octets(0, 40));
    }

    private Sccrq sccrq() {
        return new Sccrq(
                u16(),
                name(),
                u32(),
                id(),
                maybe(this::u32),
                maybe(this::id),
                maybe(() -> octets(1, LONGEST)),
                maybe(() -> octets(8, 8)),
                maybe(this::u16),
                maybe(this::text),
                maybe(this::capability),
                maybe(() -> new TunnelRecovery(u16(), u16())),
                others());
    }

    private Sccrp sccrp() {
        return new Sccrp(
                u16(),
                name(),
                u32(),
                id(),
                maybe(this::u32),
                maybe(this::id),
                maybe(() -> octets(1, LONGEST)),
                maybe(() -> octets(16, 16)),
                maybe(this::u16),
                maybe(this::text),
                maybe(this::capability),
                maybe(() -> new ControlSequence(u16(), u16())),
                others());
    }

    private Iccn iccn() {
        ProxyAuthentication proxy = maybe(() -> new ProxyAuthentication(
                u16(),
                maybe(this::text),
                maybe(() -> octets(1, 64)),
                maybe(() -> random.nextInt(256)),
                maybe(() -> octets(0, 64))));
        return new Iccn(
                u32(),
                u32(),
                maybe(() -> octets(0, LONGEST)),
                maybe(() -> octets(0, 64)),
                maybe(() -> octets(0, 64)),
                proxy,
                maybe(() -> octets(0, LONGEST)),
                maybe(this::u32),
                random.nextBoolean(),
                accessLine(),
                others());
    }

    private AccessLine accessLine() {
        Map<AvpType, Bytes> attributes = new EnumMap<>(AvpType.class);
        for (AvpType type : AvpType.values()) {
            if (type.describesAccessLine() && random.nextInt(4) == 0) {
                attributes.put(type, octets(type.form().shortest(), type.form().longest()));
            }
        }
        return new AccessLine(attributes);
    }

    private FailoverCapability capability() {
        return new FailoverCapability(random.nextBoolean(), random.nextBoolean(), u32());
    }

    private List<FailoverSessionState> sessionStates() {
        List<FailoverSessionState> states = new ArrayList<>();
        for (int i = random.nextInt(5); i >= 0; i--) {
            states.add(new FailoverSessionState(u16(), u16()));
        }
        return List.copyOf(states);
    }

    private List<Avp> speedUpdates() {
        List<Avp> updates = new ArrayList<>();
        for (int i = random.nextInt(5); i >= 0; i--) {
            byte[] value =
                    new WireWriter().u16(0).u16(u16()).u32(u32()).u32(u32()).toByteArray();
            updates.add(new Avp(random.nextBoolean(), 0, 97, Bytes.of(value)));
        }
        return List.copyOf(updates);
    }

    /** Of vendors whose AVPs we do not know, so without M; and types that RFC 2661 does not have. */
    private List<Avp> others() {
        List<Avp> others = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            others.add(new Avp(false, 9, u16(), octets(0, 50)));
            others.add(new Avp(false, 0, 200 + random.nextInt(65_000), octets(0, 50)));
        }
        return List.copyOf(others);
    }

    private ResultCode resultCode() {
        Integer errorCode = maybe(this::u16);
        String message = errorCode == null ? null : maybe(this::name);
        return new ResultCode(random.nextInt(30), errorCode, message);
    }

    private <T> @Nullable T maybe(Supplier<T> value) {
        return random.nextBoolean() ? value.get() : null;
    }

    private int u16() {
        return random.nextInt(0x10000);
    }

    private int id() {
        return 1 + random.nextInt(0xffff);
    }

    private long u32() {
        return random.nextInt() & 0xffffffffL;
    }

    private String name() {
        return "x" + text();
    }

    private String text() {
        return random.ints(random.nextInt(20), 0x20, 0x2100)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private Bytes octets(int shortest, int longest) {
        int span = random.nextInt(8) == 0 ? longest - shortest : Math.min(longest - shortest, 40);
        byte[] octets = new byte[shortest + random.nextInt(span + 1)];
        random.nextBytes(octets);
        return Bytes.of(octets);
    }
}
