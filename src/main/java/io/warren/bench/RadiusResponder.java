package io.warren.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * As much of a RADIUS server (RFC 2865) as a measurement needs: whoever sends the one password by PAP is let in, at once.
 * Listens on the loopback only.
 */
final class RadiusResponder implements AutoCloseable {
    private static final int ACCESS_REQUEST = 1;
    private static final int ACCESS_ACCEPT = 2;
    private static final int ACCESS_REJECT = 3;
    private static final int USER_PASSWORD = 2;
    private static final int HEADER = 20;
    private static final int BLOCK = 16;
    /** Service-Type (6) Framed, Framed-Protocol (7) PPP. */
    private static final byte[] FRAMED_PPP = {6, 6, 0, 0, 0, 2, 7, 6, 0, 0, 0, 1};

    private final DatagramChannel channel;
    private final byte[] secret;
    private final byte[] password;
    private final MessageDigest md5;
    private final Thread thread = Thread.ofPlatform().daemon().name("radius").unstarted(this::serve);

    private RadiusResponder(DatagramChannel channel, String secret, String password) {
        this.channel = channel;
        this.secret = secret.getBytes(StandardCharsets.UTF_8);
        this.password = password.getBytes(StandardCharsets.UTF_8);
        try {
            this.md5 = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }

    static RadiusResponder start(int port, String secret, String password) throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        RadiusResponder responder = new RadiusResponder(channel, secret, password);
        responder.thread.start();
        return responder;
    }

    private void serve() {
        ByteBuffer buffer = ByteBuffer.allocate(4_096);
        try {
            while (true) {
                buffer.clear();
                InetSocketAddress from = (InetSocketAddress) channel.receive(buffer);
                byte[] request = Arrays.copyOf(buffer.array(), buffer.position());
                byte[] answer = answer(request);
                if (answer != null) {
                    channel.send(ByteBuffer.wrap(answer), from);
                }
            }
        } catch (ClosedChannelException e) {
            // close() ends this thread.
            return;
        } catch (IOException e) {
            System.err.println("radius: " + e.getMessage());
        }
    }

    /** The answer to a request; null when it deserves none. */
    byte @Nullable [] answer(byte[] request) {
        if (request.length < HEADER || request[0] != ACCESS_REQUEST) {
            return null;
        }
        byte[] hidden = attribute(request, USER_PASSWORD);
        boolean accepted = hidden != null && MessageDigest.isEqual(shown(hidden, request), padded(hidden.length));
        byte[] attributes = accepted ? FRAMED_PPP : new byte[0];
        byte[] answer = Arrays.copyOf(request, HEADER + attributes.length);
        answer[0] = (byte) (accepted ? ACCESS_ACCEPT : ACCESS_REJECT);
        answer[2] = 0;
        answer[3] = (byte) answer.length;
        System.arraycopy(attributes, 0, answer, HEADER, attributes.length);
        // The response authenticator (§3) is made over the request's, which still stands in its place.
        md5.update(answer);
        System.arraycopy(md5.digest(secret), 0, answer, 4, BLOCK);
        return answer;
    }

    private static byte @Nullable [] attribute(byte[] request, int type) {
        int at = HEADER;
        while (at + 2 <= request.length) {
            int length = request[at + 1] & 0xff;
            if (length < 2 || at + length > request.length) {
                return null;
            }
            if (request[at] == type) {
                return Arrays.copyOfRange(request, at + 2, at + length);
            }
            at += length;
        }
        return null;
    }

    /** User-Password as its sender hid it (§5.2). */
    private byte[] shown(byte[] hidden, byte[] request) {
        byte[] shown = new byte[hidden.length];
        byte[] before = Arrays.copyOfRange(request, 4, HEADER);
        for (int block = 0; block + BLOCK <= hidden.length; block += BLOCK) {
            md5.update(secret);
            byte[] mask = md5.digest(before);
            for (int i = 0; i < BLOCK; i++) {
                shown[block + i] = (byte) (hidden[block + i] ^ mask[i]);
            }
            before = Arrays.copyOfRange(hidden, block, block + BLOCK);
        }
        return shown;
    }

    private byte[] padded(int length) {
        return Arrays.copyOf(password, Math.max(length, password.length));
    }

    @Override
    public void close() throws IOException {
        channel.close();
        try {
            // The port is free only when nobody waits in receive any more.
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
