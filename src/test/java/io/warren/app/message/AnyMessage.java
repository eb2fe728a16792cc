package io.warren.app.message;

import akka.actor.Address;
import akka.actor.typed.ActorRef;
import io.warren.config.Cidr;
import io.warren.control.port.Endpoint;
import io.warren.control.port.Ipv6Prefix;
import io.warren.control.port.TrafficLimits;
import io.warren.wire.Bytes;
import io.warren.wire.l2tp.AccessLine;
import io.warren.wire.l2tp.AvpType;
import io.warren.wire.mppe.MasterKeys;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Makes messages of any type, with whatever may be in them; the same seed makes the same. */
final class AnyMessage {
    private final Random random;
    private final ActorRef<?> actor;

    AnyMessage(long seed, ActorRef<?> actor) {
        this.random = new Random(seed);
        this.actor = actor;
    }

    Object of(Type type) throws ReflectiveOperationException {
        return switch (type) {
            case Class<?> simple -> simple(simple);
            case ParameterizedType generic when generic.getRawType() == ActorRef.class -> actor;
            case ParameterizedType generic when generic.getRawType() == Map.class -> map(generic);
            case ParameterizedType generic
            when generic.getRawType() == java.util.Set.class ->
                new HashSet<>(list(generic.getActualTypeArguments()[0]));
            case ParameterizedType generic -> list(generic.getActualTypeArguments()[0]);
            case WildcardType wildcard -> of(wildcard.getUpperBounds()[0]);
            default -> throw new IllegalArgumentException(type.toString());
        };
    }

    private List<Object> list(Type element) throws ReflectiveOperationException {
        List<Object> list = new ArrayList<>();
        for (int left = random.nextInt(4); left > 0; left--) {
            list.add(of(element));
        }
        return List.copyOf(list);
    }

    private Map<Object, Object> map(ParameterizedType type) throws ReflectiveOperationException {
        Map<Object, Object> map = new HashMap<>();
        for (int left = random.nextInt(4); left > 0; left--) {
            map.put(of(type.getActualTypeArguments()[0]), of(type.getActualTypeArguments()[1]));
        }
        return map;
    }

    private Object simple(Class<?> type) throws ReflectiveOperationException {
        if (type == int.class || type == Integer.class) {
            return random.nextInt();
        } else if (type == long.class || type == Long.class) {
            return random.nextLong();
        } else if (type == boolean.class || type == Boolean.class) {
            return random.nextBoolean();
        } else if (type == String.class) {
            return "a\u00e9\u20ac\0".repeat(random.nextInt(3)) + random.nextInt(100);
        } else if (type == Bytes.class) {
            return octets(random.nextInt(40));
        } else if (type == Instant.class) {
            return Instant.EPOCH.plusNanos(1_000 * random.nextLong(1_000_000_000_000_000L));
        } else if (type == Duration.class) {
            return Duration.ofNanos(random.nextLong());
        } else if (type == Address.class) {
            return new Address("akka", "warren", "192.0.2." + random.nextInt(256), 1 + random.nextInt(65_535));
        } else if (type == AccessLine.class) {
            return random.nextBoolean() ? AccessLine.NONE : new AccessLine(Map.of(AvpType.AGENT_REMOTE_ID, octets(5)));
        } else if (type == TrafficLimits.class) {
            return random.nextBoolean() ? TrafficLimits.NONE : new TrafficLimits(1_000, 9_000, 2_000, 10_000, 10);
        } else if (type == Ipv6Prefix.class) {
            return new Ipv6Prefix(random.nextLong(), random.nextLong(), random.nextInt(129));
        } else if (type == Cidr.class) {
            int length = random.nextInt(33);
            return new Cidr(length == 0 ? 0 : random.nextInt() & -1 << (32 - length), length);
        } else if (type == Endpoint.class) {
            return new Endpoint(octets(random.nextBoolean() ? 4 : 16), random.nextInt(65_536));
        } else if (type == MasterKeys.class) {
            return new MasterKeys(octets(MasterKeys.LENGTH), octets(MasterKeys.LENGTH));
        } else if (type.isEnum()) {
            return type.getEnumConstants()[random.nextInt(type.getEnumConstants().length)];
        } else if (type.isArray()) {
            Object array = Array.newInstance(type.getComponentType(), 0);
            return array;
        }
        return type.isSealed() && type.isInterface() ? member(type) : record(type);
    }

    private Object member(Class<?> family) throws ReflectiveOperationException {
        Class<?>[] permitted = family.getPermittedSubclasses();
        return of(permitted[random.nextInt(permitted.length)]);
    }

    private Object record(Class<?> type) throws ReflectiveOperationException {
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        for (int index = 0; index < values.length; index++) {
            boolean nullable = components[index].getAnnotatedType().isAnnotationPresent(Nullable.class);
            values[index] = nullable && random.nextBoolean() ? null : of(components[index].getGenericType());
        }
        Constructor<?> constructor = type.getDeclaredConstructor(
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
        constructor.setAccessible(true);
        return constructor.newInstance(values);
    }

    private Bytes octets(int length) {
        byte[] octets = new byte[length];
        random.nextBytes(octets);
        return Bytes.of(octets);
    }
}
