package io.warren.dataplane;

import io.warren.config.Secret;
import io.warren.control.port.Endpoint;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a node's relay shows to another's, so that a packet from elsewhere is not taken for one of the cluster: the first
 * eight octets of HMAC-SHA256 over {@code warren relay}, the sender's address and port and the receiver's. It is made
 * when the nodes are made known to each other, not for each packet: it keeps out who cannot listen between the nodes.
 */
final class RelayCookie {
    private static final String ALGORITHM = "HmacSHA256";
    private static final byte[] PURPOSE = "warren relay".getBytes(StandardCharsets.US_ASCII);

    private RelayCookie() {}

    static long of(Secret secret, Endpoint sender, Endpoint receiver) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.reveal().getBytes(StandardCharsets.UTF_8), ALGORITHM));
            mac.update(PURPOSE);
            put(mac, sender);
            put(mac, receiver);
            return ByteBuffer.wrap(mac.doFinal()).getLong();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("each Java platform has " + ALGORITHM, e);
        }
    }

    private static void put(Mac mac, Endpoint endpoint) {
        mac.update(endpoint.address().toByteArray());
        mac.update((byte) (endpoint.port() >>> 8));
        mac.update((byte) endpoint.port());
    }
}
