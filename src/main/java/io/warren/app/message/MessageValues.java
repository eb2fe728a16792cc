package io.warren.app.message;

import akka.actor.Address;
import akka.actor.AddressFromURIString;
import akka.actor.typed.ActorRef;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDelegatingDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.Serializers;
import com.fasterxml.jackson.databind.util.StdConverter;
import java.io.IOException;
import java.time.Duration;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Values that are in messages but not in the journal: durations in nanoseconds, actors and nodes by their addresses. A
 * record that is the key of a map is written as the hexadecimal form of its CBOR.
 */
final class MessageValues extends SimpleModule {
    private static final long serialVersionUID = 1;

    private final transient ActorNames actors;

    @SuppressWarnings({"unchecked", "rawtypes"}) // a type argument has no class of its own
    MessageValues(ActorNames actors) {
        super("warren-messages");
        this.actors = actors;
        addSerializer(Duration.class, new DurationOut());
        addDeserializer(Duration.class, new StdDelegatingDeserializer<>(new DurationIn()));
        addSerializer(Address.class, new AddressOut());
        addDeserializer(Address.class, new StdDelegatingDeserializer<>(new AddressIn()));
        addSerializer(new ActorOut());
        addDeserializer(ActorRef.class, (JsonDeserializer) new ActorIn());
    }

    /** What actors are called from elsewhere. */
    interface ActorNames {
        String of(ActorRef<?> actor);

        /** @throws IllegalArgumentException when it is no actor's name */
        ActorRef<?> actor(String name);
    }

    @Override
    public void setupModule(SetupContext context) {
        super.setupModule(context);
        ObjectMapper mapper = context.getOwner();
        context.addKeySerializers(new RecordKeysOut());
        context.addKeyDeserializers((JavaType type, DeserializationConfig _, BeanDescription _) ->
                type.getRawClass().isRecord() ? new RecordKeyIn(mapper, type) : null);
    }

    private static final class DurationOut extends JsonSerializer<Duration> {
        @Override
        public void serialize(Duration value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeNumber(value.toNanos());
        }
    }

    private static final class DurationIn extends StdConverter<Long, Duration> {
        @Override
        public Duration convert(Long nanos) {
            return Duration.ofNanos(nanos);
        }
    }

    private static final class AddressOut extends JsonSerializer<Address> {
        @Override
        public void serialize(Address value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeString(value.toString());
        }
    }

    private static final class AddressIn extends StdConverter<String, Address> {
        @Override
        public Address convert(String text) {
            return AddressFromURIString.parse(text);
        }
    }

    private final class ActorOut extends JsonSerializer<ActorRef<?>> {
        @Override
        public void serialize(ActorRef<?> value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeString(actors.of(value));
        }

        @Override
        @SuppressWarnings("unchecked")
        public Class<ActorRef<?>> handledType() {
            return (Class<ActorRef<?>>) (Class<?>) ActorRef.class;
        }
    }

    private final class ActorIn extends JsonDeserializer<ActorRef<?>> {
        @Override
        public ActorRef<?> deserialize(JsonParser in, DeserializationContext context) throws IOException {
            String name = in.getValueAsString();
            if (name == null) {
                throw context.weirdStringException("", ActorRef.class, "not an actor's name");
            }
            return actors.actor(name);
        }
    }

    private static final class RecordKeysOut extends Serializers.Base {
        @Override
        public @Nullable JsonSerializer<?> findSerializer(
                SerializationConfig config, JavaType type, BeanDescription description) {
            return type.getRawClass().isRecord() ? new RecordKeyOut() : null;
        }
    }

    private static final class RecordKeyOut extends JsonSerializer<Record> {
        @Override
        public void serialize(Record value, JsonGenerator out, SerializerProvider provider) throws IOException {
            ObjectMapper mapper = (ObjectMapper) out.getCodec();
            out.writeFieldName(HexFormat.of().formatHex(mapper.writeValueAsBytes(value)));
        }
    }

    private static final class RecordKeyIn extends KeyDeserializer {
        private final ObjectMapper mapper;
        private final JavaType type;

        RecordKeyIn(ObjectMapper mapper, JavaType type) {
            this.mapper = mapper;
            this.type = type;
        }

        @Override
        public Object deserializeKey(String key, DeserializationContext context) throws IOException {
            try {
                return mapper.readValue(HexFormat.of().parseHex(key), type);
            } catch (IllegalArgumentException e) {
                return context.handleWeirdKey(type.getRawClass(), "", "not the octets of a key");
            }
        }
    }
}
