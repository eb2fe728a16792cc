package io.warren.wire.ppp;

import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.WireReader;
import io.warren.wire.WireWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * A Configuration Option as it is on the wire (RFC 1661 §6).
 *
 * @param type 0 to 255
 * @param data up to 253 octets
 */
public record ConfigurationOption(int type, Bytes data) {
    private static final int HEADER = 2;

    /** Reads options to the end of {@code reader}. */
    public static List<ConfigurationOption> decodeAll(WireReader reader) throws WireException {
        List<ConfigurationOption> options = new ArrayList<>();
        while (!reader.isEmpty()) {
            int type = reader.u8();
            int length = reader.u8();
            if (length < HEADER) {
                throw reader.error("option " + type + " has length " + length);
            }
            options.add(new ConfigurationOption(type, reader.take(length - HEADER)));
        }
        return List.copyOf(options);
    }

    static void encodeAll(List<ConfigurationOption> options, WireWriter writer) {
        for (ConfigurationOption option : options) {
            writer.u8(option.type).u8(option.data.length() + HEADER).bytes(option.data);
        }
    }
}
