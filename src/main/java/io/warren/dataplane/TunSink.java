package io.warren.dataplane;

import io.warren.sys.PacketBuffers;
import io.warren.sys.TunDevice;
import org.jspecify.annotations.Nullable;

/** Gives packets to the kernel through the TUN device. */
final class TunSink implements IpSink {
    private final TunDevice tun;

    TunSink(TunDevice tun) {
        this.tun = tun;
    }

    @Override
    public @Nullable DropReason take(PacketBuffers batch, long at, int length) {
        return tun.write(batch, at, length) == 0 ? null : DropReason.TUN_REFUSED;
    }

    @Override
    public void flush() {}
}
