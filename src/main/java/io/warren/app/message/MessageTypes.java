package io.warren.app.message;

import akka.actor.Address;
import akka.actor.typed.ActorRef;
import io.warren.wire.Bytes;
import io.warren.wire.l2tp.AccessLine;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All types that messages are made of, found by going from the messages through their records' components. A type that
 * cannot be sent is a mistake that shows when the codec is made, not when the first such message is sent.
 */
final class MessageTypes {
    private static final Set<Class<?>> VALUES = Set.of(
            String.class,
            Boolean.class,
            Integer.class,
            Long.class,
            Double.class,
            Bytes.class,
            Instant.class,
            Duration.class,
            AccessLine.class,
            Address.class);

    private static final Set<Class<?>> COLLECTIONS = Set.of(List.class, Set.class, Collection.class, Map.class);

    /** Each sealed interface, and the short names of the records that it has in the end. */
    private final Map<Class<?>, Map<String, Class<?>>> families = new LinkedHashMap<>();

    private final Set<Class<?>> records = new LinkedHashSet<>();

    private MessageTypes() {}

    /** @param roots sealed interfaces or records */
    static MessageTypes of(Collection<Class<?>> roots) {
        MessageTypes types = new MessageTypes();
        roots.forEach(root -> types.visit(root, "the list of messages"));
        return types;
    }

    /** By sealed interface: its records by their names, which are unique in it. */
    Map<Class<?>, Map<String, Class<?>>> families() {
        return families;
    }

    /** Every record that occurs. */
    Set<Class<?>> records() {
        return records;
    }

    /** {@code AccessDecided} is {@code access-decided}. */
    static String name(Class<?> type) {
        return type.getSimpleName().replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }

    /** The name of a kind of message: with those of the types that it is nested in, from the outside. */
    static String manifest(Class<?> type) {
        Class<?> outer = type.getEnclosingClass();
        return outer == null ? name(type) : manifest(outer) + "." + name(type);
    }

    private void visit(Type type, String where) {
        switch (type) {
            case Class<?> simple -> visitClass(simple, where);
            case ParameterizedType generic when generic.getRawType() == ActorRef.class -> {}
            case ParameterizedType generic
            when COLLECTIONS.contains(generic.getRawType()) -> {
                for (Type argument : generic.getActualTypeArguments()) {
                    visit(argument, where);
                }
            }
            case WildcardType wildcard -> visit(wildcard.getUpperBounds()[0], where);
            default -> throw cannot(type, where);
        }
    }

    private void visitClass(Class<?> type, String where) {
        if (type.isPrimitive() || type.isEnum() || VALUES.contains(type)) {
            return;
        }
        if (type.isArray()) {
            visitClass(type.getComponentType(), where);
        } else if (type.isRecord()) {
            visitRecord(type);
        } else if (type.isInterface() && type.isSealed()) {
            visitFamily(type);
        } else {
            throw cannot(type, where);
        }
    }

    private void visitRecord(Class<?> type) {
        if (records.add(type)) {
            for (RecordComponent component : type.getRecordComponents()) {
                visit(component.getGenericType(), type.getName() + "." + component.getName());
            }
        }
    }

    private void visitFamily(Class<?> root) {
        if (families.containsKey(root)) {
            return;
        }
        Map<String, Class<?>> members = new LinkedHashMap<>();
        families.put(root, members);
        for (Class<?> leaf : leaves(root, new HashSet<>())) {
            Class<?> other = members.put(name(leaf), leaf);
            if (other != null) {
                throw new IllegalArgumentException(leaf.getName() + " and " + other.getName() + " have one name");
            }
            visitRecord(leaf);
        }
    }

    private static Set<Class<?>> leaves(Class<?> type, Set<Class<?>> seen) {
        Set<Class<?>> found = new LinkedHashSet<>();
        Class<?> @Nullable [] permitted = type.getPermittedSubclasses();
        if (permitted != null && seen.add(type)) {
            for (Class<?> subtype : permitted) {
                found.addAll(leaves(subtype, seen));
            }
        } else if (type.isRecord()) {
            found.add(type);
        } else if (permitted == null) {
            throw cannot(type, "a sealed interface");
        }
        return found;
    }

    private static IllegalArgumentException cannot(Type type, String where) {
        return new IllegalArgumentException(where + " has a " + type.getTypeName()
                + ": messages are made of records, sealed interfaces, lists, sets, maps and simple values");
    }
}
