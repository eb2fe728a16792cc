package io.warren.control.cluster;

import akka.serialization.JSerializer;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** For actor systems in one process: what goes over the wire is the number under which the message is kept here. */
public final class ByReference extends JSerializer {
    private static final Map<Long, Object> KEPT = new ConcurrentHashMap<>();
    private static final AtomicLong NUMBERS = new AtomicLong();

    @Override
    public int identifier() {
        return 4711;
    }

    @Override
    public boolean includeManifest() {
        return false;
    }

    @Override
    public byte[] toBinary(Object message) {
        long number = NUMBERS.incrementAndGet();
        KEPT.put(number, message);
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    @Override
    public Object fromBinaryJava(byte[] octets, @Nullable Class<?> manifest) {
        Object message = KEPT.remove(ByteBuffer.wrap(octets).getLong());
        if (message == null) {
            throw new IllegalArgumentException("not kept");
        }
        return message;
    }
}
