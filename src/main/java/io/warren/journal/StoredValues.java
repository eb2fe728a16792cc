package io.warren.journal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.warren.wire.Bytes;
import io.warren.wire.l2tp.AccessLine;
import io.warren.wire.l2tp.AvpType;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How the values inside events are stored, and those inside messages sent: octets as CBOR byte strings, instants as
 * microseconds since 1970, access lines as a map from the AVP's name.
 */
public final class StoredValues extends SimpleModule {
    private static final Map<String, AvpType> AVP_TYPES =
            Arrays.stream(AvpType.values()).collect(Collectors.toUnmodifiableMap(AvpType::name, Function.identity()));

    public StoredValues() {
        super("warren-values");
        addSerializer(Bytes.class, new OctetsOut());
        addDeserializer(Bytes.class, new OctetsIn());
        addSerializer(Instant.class, new InstantOut());
        addDeserializer(Instant.class, new InstantIn());
        addSerializer(AccessLine.class, new AccessLineOut());
        addDeserializer(AccessLine.class, new AccessLineIn());
    }

    private static final class OctetsOut extends JsonSerializer<Bytes> {
        @Override
        public void serialize(Bytes value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeBinary(value.toByteArray());
        }
    }

    private static final class OctetsIn extends JsonDeserializer<Bytes> {
        @Override
        public Bytes deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return Bytes.of(in.getBinaryValue());
        }
    }

    private static final class InstantOut extends JsonSerializer<Instant> {
        @Override
        public void serialize(Instant value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeNumber(ChronoUnit.MICROS.between(Instant.EPOCH, value));
        }
    }

    private static final class InstantIn extends JsonDeserializer<Instant> {
        @Override
        public Instant deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return Instant.EPOCH.plus(in.getLongValue(), ChronoUnit.MICROS);
        }
    }

    private static final class AccessLineOut extends JsonSerializer<AccessLine> {
        @Override
        public void serialize(AccessLine value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeStartObject(value, value.attributes().size());
            // In the order of the table: the same line always gives the same octets.
            for (Map.Entry<AvpType, Bytes> attribute : new TreeMap<>(value.attributes()).entrySet()) {
                out.writeFieldName(attribute.getKey().name());
                out.writeBinary(attribute.getValue().toByteArray());
            }
            out.writeEndObject();
        }

        /** Left out of the record, like a null. */
        @Override
        public boolean isEmpty(SerializerProvider provider, @Nullable AccessLine value) {
            return value == null || value.attributes().isEmpty();
        }
    }

    private static final class AccessLineIn extends JsonDeserializer<AccessLine> {
        @Override
        public AccessLine deserialize(JsonParser in, DeserializationContext context) throws IOException {
            Map<AvpType, Bytes> attributes = new EnumMap<>(AvpType.class);
            for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
                JsonToken value = in.nextToken();
                AvpType type = AVP_TYPES.get(name);
                if (type != null && value == JsonToken.VALUE_EMBEDDED_OBJECT) {
                    attributes.put(type, Bytes.of(in.getBinaryValue()));
                } else {
                    in.skipChildren();
                }
            }
            return attributes.isEmpty() ? AccessLine.NONE : new AccessLine(attributes);
        }

        @Override
        public AccessLine getNullValue(DeserializationContext context) {
            return AccessLine.NONE;
        }

        @Override
        public AccessLine getAbsentValue(DeserializationContext context) {
            return AccessLine.NONE;
        }
    }
}
