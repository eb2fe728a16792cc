package io.warren.journal;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.warren.config.Cidr;
import io.warren.control.cluster.address.BlockEvent;
import io.warren.control.cluster.address.BlockLease;
import io.warren.control.cluster.address.BlockSnapshot;
import io.warren.control.cluster.address.Loan;
import io.warren.control.cluster.address.LoanEvent;
import io.warren.control.cluster.address.LoanSnapshot;
import io.warren.control.port.Endpoint;
import io.warren.control.port.Ipv6Prefix;
import io.warren.control.port.PeerPath;
import io.warren.control.port.SessionCounters;
import io.warren.control.port.SessionKey;
import io.warren.control.port.TrafficLimits;
import io.warren.control.session.SessionEvent;
import io.warren.control.tunnel.TunnelEvent;
import io.warren.control.tunnel.TunnelSnapshot;
import io.warren.wire.l2tp.AccessLine;
import io.warren.wire.l2tp.DisconnectCause;
import io.warren.wire.l2tp.ResultCode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Events to CBOR and back, each under a short stable name with a version. Needs no actor system.
 *
 * <p>How it may change: a new component of an event must be nullable (or a list), since old rows lack it; a component
 * that goes is ignored in old rows. Small values that never change (ids, addresses, counters) are arrays, which may
 * only grow at the end. An event whose meaning changes gets a new name, {@code …/2}, and the old name stays in the
 * table for ever.
 */
public final class EventCodec {
    /** The last event of a tunnel: nothing but a new use of its id may follow. */
    static final String TUNNEL_CLOSED = "tunnel-closed/1";

    /** The last event of a call. */
    static final String SESSION_CLOSED = "session-closed/1";

    private static final List<Class<?>> VALUES_AS_ARRAYS = List.of(
            SessionKey.class,
            Endpoint.class,
            PeerPath.class,
            SessionCounters.class,
            TrafficLimits.class,
            Ipv6Prefix.class,
            TunnelEvent.Outgoing.class,
            ResultCode.class,
            DisconnectCause.class,
            Cidr.class,
            BlockLease.class,
            Loan.class);

    private static final List<Class<?>> LEFT_OUT_WHEN_EMPTY = List.of(List.class, AccessLine.class);

    private static final ObjectMapper MAPPER = mapper();

    private static final List<Kind> KINDS = List.of(
            kind("tunnel-offered/1", TunnelEvent.TunnelOffered.class),
            kind("tunnel-requested/1", TunnelEvent.TunnelRequested.class),
            kind("tunnel-established/1", TunnelEvent.TunnelEstablished.class),
            kind("call-offered/1", TunnelEvent.CallOffered.class),
            kind("call-refused/1", TunnelEvent.CallRefused.class),
            kind("message-sent/1", TunnelEvent.MessageSent.class),
            kind("call-ended/1", TunnelEvent.CallEnded.class),
            kind("numbers-noted/1", TunnelEvent.NumbersNoted.class),
            kind("recovery-offered/1", TunnelEvent.RecoveryOffered.class),
            kind("tunnel-recovered/1", TunnelEvent.TunnelRecovered.class),
            kind("recovery-ended/1", TunnelEvent.RecoveryEnded.class),
            kind(TUNNEL_CLOSED, TunnelEvent.TunnelClosed.class),
            kind("tunnel-snapshot/1", TunnelSnapshot.class),
            kind("session-connected/1", SessionEvent.Connected.class),
            kind("network-up/1", SessionEvent.NetworkUp.class),
            kind("limits-changed/1", SessionEvent.LimitsChanged.class),
            kind("timeouts-changed/1", SessionEvent.TimeoutsChanged.class),
            kind("filters-changed/1", SessionEvent.FiltersChanged.class),
            kind("accounting-started/1", SessionEvent.AccountingStarted.class),
            kind("traffic-noted/1", SessionEvent.TrafficNoted.class),
            kind("session-over/1", SessionEvent.Over.class),
            kind(SESSION_CLOSED, SessionEvent.Closed.class),
            kind("block-leased/1", BlockEvent.BlockLeased.class),
            kind("block-returned/1", BlockEvent.BlockReturned.class),
            kind("blocks-claimed/1", BlockEvent.BlocksClaimed.class),
            kind("block-snapshot/1", BlockSnapshot.class),
            kind("address-lent/1", LoanEvent.AddressLent.class),
            kind("address-returned/1", LoanEvent.AddressReturned.class),
            kind("loan-snapshot/1", LoanSnapshot.class));

    private static final Map<Class<?>, Kind> BY_TYPE =
            KINDS.stream().collect(Collectors.toUnmodifiableMap(Kind::type, Function.identity()));

    private static final Map<String, Kind> BY_NAME =
            KINDS.stream().collect(Collectors.toUnmodifiableMap(Kind::name, Function.identity()));

    private EventCodec() {}

    private record Kind(String name, Class<? extends Record> type, ObjectWriter writer, ObjectReader reader) {}

    /** The name under which a row of this event (or snapshot) is stored. */
    public static String name(Object event) {
        return kindOf(event).name();
    }

    public static byte[] encode(Object event) {
        try {
            return kindOf(event).writer().writeValueAsBytes(event);
        } catch (IOException e) {
            throw new JournalException("cannot encode " + name(event), e);
        }
    }

    /** The opposite of {@link #encode}. Fails with {@link JournalException} only, for any name and octets. */
    public static Record decode(String name, byte[] octets) {
        Kind kind = BY_NAME.get(name);
        if (kind == null) {
            throw new JournalException("unknown event " + name + ": was the journal written by a newer Warren?");
        }
        try {
            Record event = kind.reader().readValue(octets);
            if (event != null) {
                return event;
            }
        } catch (IOException e) {
            throw new JournalException("not a " + name + ": " + octets.length + " octets", e);
        }
        throw new JournalException("not a " + name + ": nothing in it");
    }

    /** What has a name: the events, and the snapshots. */
    static Set<Class<?>> types() {
        return BY_TYPE.keySet();
    }

    private static Kind kindOf(Object event) {
        Kind kind = BY_TYPE.get(event.getClass());
        if (kind == null) {
            throw new JournalException(event.getClass().getName() + " has no name in the journal");
        }
        return kind;
    }

    private static Kind kind(String name, Class<? extends Record> type) {
        return new Kind(name, type, MAPPER.writerFor(type), MAPPER.readerFor(type));
    }

    private static ObjectMapper mapper() {
        CBORMapper mapper = CBORMapper.builder()
                .addModule(new StoredValues())
                .serializationInclusion(JsonInclude.Include.NON_NULL)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
        for (Class<?> type : LEFT_OUT_WHEN_EMPTY) {
            mapper.configOverride(type)
                    .setInclude(JsonInclude.Value.construct(JsonInclude.Include.NON_EMPTY, JsonInclude.Include.ALWAYS));
        }
        mapper.configOverride(List.class).setSetterInfo(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY));
        for (Class<?> type : VALUES_AS_ARRAYS) {
            mapper.configOverride(type).setFormat(JsonFormat.Value.forShape(JsonFormat.Shape.ARRAY));
        }
        return mapper;
    }
}
