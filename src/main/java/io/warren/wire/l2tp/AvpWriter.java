package io.warren.wire.l2tp;

import io.warren.wire.Bytes;
import io.warren.wire.WireWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes the AVPs of one message with the bits of the table, hiding what may be hidden when told how. An absent value
 * writes nothing. A value that is too long for an AVP is the caller's mistake: {@link IllegalArgumentException}.
 */
final class AvpWriter {
    private static final int MANDATORY_BIT = 0x8000;
    private static final int HIDDEN_BIT = 0x4000;
    private static final int HEADER_LENGTH = 6;

    private final WireWriter out = new WireWriter(256);
    private final @Nullable Hiding hiding;

    /** Begins the message; its Random Vector comes next if it may hold a hidden AVP. */
    AvpWriter(MessageType type, @Nullable Hiding hiding) {
        this.hiding = type.hideable() ? hiding : null;
        header(type.mandatory() ? MANDATORY_BIT : 0, 0, AvpType.MESSAGE_TYPE.wireType(), 2);
        out.u16(type.wireId());
        if (this.hiding != null) {
            octets(AvpType.RANDOM_VECTOR, this.hiding.randomVector());
        }
    }

    Bytes toBytes() {
        return out.toBytes();
    }

    AvpWriter u16(AvpType avp, @Nullable Integer value) {
        return value == null ? this : value(avp, new byte[] {(byte) (value >>> 8), value.byteValue()});
    }

    AvpWriter u32(AvpType avp, @Nullable Long value) {
        return value == null ? this : value(avp, new WireWriter(4).u32(value).toByteArray());
    }

    AvpWriter octets(AvpType avp, @Nullable Bytes value) {
        return value == null ? this : value(avp, value.toByteArray());
    }

    AvpWriter text(AvpType avp, @Nullable String value) {
        return value == null ? this : value(avp, value.getBytes(StandardCharsets.UTF_8));
    }

    /** An AVP that has no value: it says something by being there. */
    AvpWriter flag(AvpType avp, boolean present) {
        return present ? value(avp, new byte[0]) : this;
    }

    AvpWriter value(AvpType avp, byte[] value) {
        int bits = avp.mandatory() ? MANDATORY_BIT : 0;
        return write(bits, avp.vendorId(), avp.wireType(), value, avp.hideable());
    }

    /** As it came; hidden if it is one of the table that may be. */
    AvpWriter raw(Avp avp) {
        AvpType known = AvpType.of(avp.vendorId(), avp.type());
        boolean hideable = known != null && known.hideable();
        int bits = avp.mandatory() ? MANDATORY_BIT : 0;
        return write(bits, avp.vendorId(), avp.type(), avp.value().toByteArray(), hideable);
    }

    private AvpWriter write(int bits, int vendorId, int wireType, byte[] value, boolean hideable) {
        if (hideable && hiding != null) {
            byte[] hidden = HiddenValue.hide(wireType, value, hiding);
            header(bits | HIDDEN_BIT, vendorId, wireType, hidden.length);
            out.bytes(hidden);
        } else {
            header(bits, vendorId, wireType, value.length);
            out.bytes(value);
        }
        return this;
    }

    private void header(int bits, int vendorId, int wireType, int valueLength) {
        if (valueLength > AvpType.LONGEST_VALUE) {
            throw new IllegalArgumentException(
                    "AVP " + wireType + " of vendor " + vendorId + " cannot hold " + valueLength + " octets");
        }
        out.u16(bits | (HEADER_LENGTH + valueLength)).u16(vendorId).u16(wireType);
    }
}
