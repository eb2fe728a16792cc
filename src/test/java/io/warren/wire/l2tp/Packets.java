package io.warren.wire.l2tp;

import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.WireWriter;
import org.jspecify.annotations.Nullable;

/** Builds control packets from raw AVPs, right and wrong ones. */
final class Packets {
    static final int M = 0x8000;
    static final int H = 0x4000;

    private final WireWriter body = new WireWriter();

    static Packets of(MessageType type) {
        return new Packets().avp(M, 0, 0, new WireWriter().u16(type.wireId()).toBytes());
    }

    /** A message with its required AVPs, each of the shortest value that means something. */
    static Packets minimal(MessageType type) {
        Packets packet = of(type);
        type.required().forEach(packet::avp);
        return packet;
    }

    Packets avp(AvpType type) {
        int length = type.form() == ValueForm.U32_OR_U16 ? 4 : type.form().shortest();
        byte[] value = new byte[length];
        if (length > 0) {
            value[length - 1] = 1;
        }
        return avp(type.mandatory() ? M : 0, type.vendorId(), type.wireType(), Bytes.of(value));
    }

    Packets avp(int bits, AvpType type, String hex) {
        return avp(bits, type.vendorId(), type.wireType(), Bytes.ofHex(hex));
    }

    Packets avp(int bits, int vendorId, int wireType, Bytes value) {
        return rawAvp(bits | (6 + value.length()), vendorId, wireType, value);
    }

    Packets rawAvp(int bitsAndLength, int vendorId, int wireType, Bytes value) {
        body.u16(bitsAndLength).u16(vendorId).u16(wireType).bytes(value);
        return this;
    }

    byte[] octets() {
        return L2tpCodec.frame(1, 0, 0, 0, body.toBytes()).toByteArray();
    }

    ControlBody decode() throws WireException {
        return decode(null);
    }

    ControlBody decode(@Nullable TunnelSecret secret) throws WireException {
        return L2tpCodec.decode(octets(), secret).body();
    }
}
