package io.warren.control.ingress;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Rate limits by key, with bounded memory: at most {@code capacity} keys, the longest unused forgotten first (a
 * forgotten key starts with a full bucket). For one thread.
 */
final class TokenBuckets<K> {
    private static final class Bucket {
        private double tokens;
        private long filledAt;

        private Bucket(double tokens, long filledAt) {
            this.tokens = tokens;
            this.filledAt = filledAt;
        }
    }

    private final double perSecond;
    private final double burst;
    private final Map<K, Bucket> buckets;

    TokenBuckets(double perSecond, double burst, int capacity) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.buckets = new LinkedHashMap<>(64, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, Bucket> eldest) {
                return size() > capacity;
            }
        };
    }

    /** Takes one token if there is one; {@code now} is monotonic nanoseconds. */
    boolean take(K key, long now) {
        Bucket bucket = buckets.computeIfAbsent(key, _ -> new Bucket(burst, now));
        bucket.tokens = Math.min(burst, bucket.tokens + (now - bucket.filledAt) * perSecond / 1e9);
        bucket.filledAt = now;
        if (bucket.tokens < 1) {
            return false;
        }
        bucket.tokens--;
        return true;
    }
}
