package io.warren.app.message;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.warren.control.cluster.CallSearch;
import io.warren.control.cluster.NewTunnels;
import io.warren.control.cluster.NodeReport;
import io.warren.control.cluster.PeersHandled;
import io.warren.control.cluster.ShardKeeper;
import io.warren.control.cluster.StandbyAnswer;
import io.warren.control.cluster.StandbyBatch;
import io.warren.control.cluster.UserAddresses;
import io.warren.control.cluster.address.BlockAnswer;
import io.warren.control.cluster.address.BlockCommand;
import io.warren.control.cluster.address.LenderCommand;
import io.warren.control.login.LoginCommand;
import io.warren.control.login.LoginSearch;
import io.warren.control.login.LoginVerdict;
import io.warren.control.port.Endpoint;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.PeerPath;
import io.warren.control.port.SessionCounters;
import io.warren.control.port.SessionKey;
import io.warren.control.port.TrafficLimits;
import io.warren.control.session.SessionAnswer;
import io.warren.control.session.SessionCommand;
import io.warren.control.tunnel.TunnelAnswer;
import io.warren.control.tunnel.TunnelCommand;
import io.warren.journal.StoredValues;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Messages to CBOR and back. The manifest names the kind of message (a sealed interface, or a record by itself); which
 * member of it stands in front of the value, by its short name.
 *
 * <p>Two versions talk to each other while nodes are replaced one by one: a new component must be nullable or a
 * collection, one that is gone is ignored, and names stay. Small values are arrays, which may only grow at the end.
 */
public final class MessageCodec {
    /** What nodes send to each other. Members of sealed interfaces, and all that they hold, are found from here. */
    static final List<Class<?>> MESSAGES = List.of(
            TunnelCommand.class,
            TunnelAnswer.class,
            SessionCommand.class,
            SessionAnswer.class,
            NodeReport.class,
            NewTunnels.class,
            UserAddresses.class,
            PeersHandled.class,
            StandbyBatch.class,
            StandbyAnswer.class,
            CallSearch.class,
            CallSearch.Result.class,
            ShardKeeper.Command.Wake.class,
            ShardKeeper.Command.HandOff.class,
            BlockCommand.class,
            BlockAnswer.class,
            LenderCommand.class,
            LenderCommand.Lent.class,
            LenderCommand.Shown.class,
            LenderCommand.NotInUse.class,
            LoginCommand.class,
            LoginVerdict.class,
            LoginSearch.class,
            LoginSearch.Result.class);

    private static final List<Class<?>> VALUES_AS_ARRAYS = List.of(
            SessionKey.class,
            Endpoint.class,
            PeerPath.class,
            SessionCounters.class,
            TrafficLimits.class,
            ForwardingEntry.class);

    private final MessageTypes types;
    private final Map<String, Kind> byName = new LinkedHashMap<>();

    private record Kind(Class<?> root, ObjectWriter writer, ObjectReader reader) {}

    /** Tells a member of a sealed interface by its short name. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_ARRAY)
    private interface Named {}

    /** @param messages sealed interfaces or records; fails when they hold what cannot be sent */
    MessageCodec(List<Class<?>> messages, MessageValues.ActorNames actors) {
        this.types = MessageTypes.of(messages);
        ObjectMapper mapper = mapper(types, actors);
        for (Class<?> root : messages) {
            Kind kind = new Kind(root, mapper.writerFor(root), mapper.readerFor(root));
            if (byName.put(MessageTypes.manifest(root), kind) != null) {
                throw new IllegalArgumentException("two kinds of messages are called " + MessageTypes.manifest(root));
            }
        }
    }

    /** The kind of this message. */
    String manifest(Object message) {
        for (Map.Entry<String, Kind> kind : byName.entrySet()) {
            if (kind.getValue().root().isInstance(message)) {
                return kind.getKey();
            }
        }
        throw new MessageException(message.getClass().getName() + " is not in the list of messages");
    }

    /** By the name of each kind, the names of its members; none for a record by itself. */
    Map<String, Set<String>> names() {
        Map<String, Set<String>> names = new TreeMap<>();
        byName.forEach((name, kind) -> names.put(
                name, types.families().getOrDefault(kind.root(), Map.of()).keySet()));
        return names;
    }

    byte[] encode(Object message) {
        String manifest = manifest(message);
        try {
            return kind(manifest).writer().writeValueAsBytes(message);
        } catch (IOException | RuntimeException e) {
            throw new MessageException(
                    "cannot write a " + manifest + ": " + e.getClass().getSimpleName());
        }
    }

    /** The opposite of {@link #encode}. Fails with {@link MessageException} only, for any manifest and octets. */
    Object decode(String manifest, byte[] octets) {
        Kind kind = kind(manifest);
        Object message;
        try {
            message = kind.reader().readValue(octets);
        } catch (IOException | RuntimeException e) {
            throw new MessageException("not a " + manifest + ": " + octets.length + " octets, "
                    + e.getClass().getSimpleName());
        }
        if (message == null) {
            throw new MessageException("not a " + manifest + ": nothing in it");
        }
        return message;
    }

    MessageTypes types() {
        return types;
    }

    private Kind kind(String manifest) {
        Kind kind = byName.get(manifest);
        if (kind == null) {
            throw new MessageException("unknown kind of message: was it sent by a newer Warren?");
        }
        return kind;
    }

    private static ObjectMapper mapper(MessageTypes types, MessageValues.ActorNames actors) {
        CBORMapper mapper = CBORMapper.builder()
                .addModule(new StoredValues())
                .addModule(new MessageValues(actors))
                .annotationIntrospector(new RequiredComponents())
                .serializationInclusion(JsonInclude.Include.NON_NULL)
                .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .build();
        for (Class<?> type : VALUES_AS_ARRAYS) {
            mapper.configOverride(type).setFormat(JsonFormat.Value.forShape(JsonFormat.Shape.ARRAY));
        }
        types.families().forEach((root, members) -> {
            mapper.addMixIn(root, Named.class);
            members.forEach((name, member) -> mapper.registerSubtypes(new NamedType(member, name)));
        });
        return mapper;
    }
}
