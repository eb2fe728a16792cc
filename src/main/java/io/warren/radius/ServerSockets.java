package io.warren.radius;

import io.warren.config.RadiusSettings;
import io.warren.radius.RadiusClient.Answer;
import io.warren.radius.RadiusClient.Asked;
import io.warren.radius.RadiusCodec.Reading;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The UDP sockets towards one server: each has 256 identifiers and a port that nobody can guess, and there are as many
 * as are needed (RFC 2865 §2.5). One thread only.
 */
final class ServerSockets implements ServerTransport {
    private static final int IDENTIFIERS = 256;

    /** One octet more than the largest packet, to see when there is more. */
    private static final int BUFFER = 4097;

    private final RadiusSettings.Server server;
    private final InetSocketAddress address;
    private final @Nullable InetAddress source;
    private final Selector selector;
    private final RadiusCodec codec;
    private final List<Socket> sockets = new ArrayList<>();

    /** @param source where to send from; null: as the routes have it */
    ServerSockets(
            RadiusSettings.Server server, InetSocketAddress address, @Nullable InetAddress source, Selector selector) {
        this.server = server;
        this.address = address;
        this.source = source;
        this.selector = selector;
        this.codec = new RadiusCodec(server.secret().reveal());
    }

    @Override
    public String name() {
        return server.name();
    }

    @Override
    public Place place(Asked asked) throws IOException {
        Socket free = null;
        for (Socket socket : sockets) {
            if (socket.used < IDENTIFIERS) {
                free = socket;
                break;
            }
        }
        if (free == null) {
            free = open();
        }
        return free.place(asked);
    }

    private Socket open() throws IOException {
        DatagramChannel channel = DatagramChannel.open(
                address.getAddress() instanceof Inet4Address
                        ? StandardProtocolFamily.INET
                        : StandardProtocolFamily.INET6);
        try {
            channel.bind(source == null ? null : new InetSocketAddress(source, 0));
            channel.configureBlocking(false);
            Socket socket = new Socket(channel);
            channel.register(selector, SelectionKey.OP_READ, socket);
            sockets.add(socket);
            return socket;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void close() {
        for (Socket socket : sockets) {
            try {
                socket.channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** One socket. Not connected, so that what others send is seen and counted. */
    final class Socket {
        private final DatagramChannel channel;
        private final @Nullable SocketPlace[] places = new SocketPlace[IDENTIFIERS];
        private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        private int used;
        private int next;

        private Socket(DatagramChannel channel) {
            this.channel = channel;
        }

        /** The identifier that was used longest ago, so that a late answer finds nobody. */
        private SocketPlace place(Asked asked) {
            while (places[next] != null) {
                next = (next + 1) % IDENTIFIERS;
            }
            int identifier = next;
            next = (next + 1) % IDENTIFIERS;
            RadiusClient.Question question = asked.question;
            SocketPlace place = new SocketPlace(
                    this,
                    identifier,
                    asked,
                    codec.request(
                            question.code(), identifier, question.attributes().get(), question.password()));
            places[identifier] = place;
            used++;
            return place;
        }

        /** Reads all that is there. */
        void receive(Consumer<Dropped> dropped, BiConsumer<Asked, Answer.Replied> replied) throws IOException {
            while (true) {
                buffer.clear();
                InetSocketAddress from = (InetSocketAddress) channel.receive(buffer);
                if (from == null) {
                    return;
                }
                byte[] datagram = Arrays.copyOf(buffer.array(), buffer.position());
                if (!from.equals(address)) {
                    dropped.accept(Dropped.UNKNOWN_SOURCE);
                } else if (datagram.length < 2) {
                    dropped.accept(Dropped.MALFORMED);
                } else {
                    reply(datagram, dropped, replied);
                }
            }
        }

        private void reply(byte[] datagram, Consumer<Dropped> dropped, BiConsumer<Asked, Answer.Replied> replied) {
            SocketPlace place = places[datagram[1] & 0xff];
            if (place == null) {
                dropped.accept(Dropped.LATE);
                return;
            }
            int code = place.asked.question.code();
            boolean demanded = place.asked.question.demandsMessageAuthenticator(server);
            byte[] authenticator = place.request.authenticator().toByteArray();
            switch (codec.reply(datagram, authenticator, demanded)) {
                case Reading.Refused(Dropped why) -> dropped.accept(why);
                case Reading.Genuine(RadiusPacket packet) -> {
                    if (!RadiusCode.answers(code, packet.code())) {
                        dropped.accept(Dropped.WRONG_CODE);
                        return;
                    }
                    place.leave();
                    place.asked.place = null;
                    replied.accept(
                            place.asked,
                            new Answer.Replied(server.name(), packet, value -> codec.unhidden(value, authenticator)));
                }
            }
        }
    }

    /** Where a question waits for its answer. */
    final class SocketPlace implements Place {
        private final Socket socket;
        private final int identifier;
        private final Asked asked;
        private final RadiusCodec.Request request;

        private SocketPlace(Socket socket, int identifier, Asked asked, RadiusCodec.Request request) {
            this.socket = socket;
            this.identifier = identifier;
            this.asked = asked;
            this.request = request;
        }

        @Override
        public void send() throws IOException {
            socket.channel.send(ByteBuffer.wrap(request.octets().toByteArray()), address);
        }

        @Override
        public void leave() {
            if (socket.places[identifier] == this) {
                socket.places[identifier] = null;
                socket.used--;
            }
        }
    }
}
