package io.warren.it;

import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import org.junit.jupiter.api.ClassDescriptor;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.ClassOrdererContext;

/** Tests with a cluster come last, those with the same one after the other: a cluster costs even when it only waits. */
final class ClustersLast implements ClassOrderer {
    @Override
    public void orderClasses(ClassOrdererContext context) {
        context.getClassDescriptors().sort(Comparator.comparing(ClustersLast::kind));
    }

    /** Empty without a cluster. */
    private static String kind(ClassDescriptor test) {
        return Arrays.stream(test.getTestClass().getDeclaredFields())
                .filter(field -> field.getType() == ClusterLab.class)
                .findFirst()
                .map(ClustersLast::lab)
                .map(ClusterLab::kind)
                .orElse("");
    }

    private static ClusterLab lab(Field field) {
        try {
            return (ClusterLab) Objects.requireNonNull(field.get(null));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(field + " is not a static field that its package can read", e);
        }
    }
}
