package io.warren.it;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One connection through a {@link JournalGate}. Knows as much of PostgreSQL's protocol as it takes to tell an INSERT into
 * the journal: messages of a type and a length, statements that are parsed under a name and executed by it.
 */
final class JournalConnection {
    private static final int SSL_REQUEST = 80_877_103;
    private static final int GSS_REQUEST = 80_877_104;
    private static final String INSERT = "INSERT INTO \"event_journal\"";
    /** Names of events in the octets of their array. */
    private static final Pattern EVENT = Pattern.compile("(?:tunnel|call|message|numbers|session|network)-[a-z]+/1");

    private final JournalGate gate;
    private final int generation;
    private final Socket node;
    private final Socket server;
    private final Set<String> inserts = new HashSet<>();
    /** The events of the write whose answer the node shall not get; empty: of none. */
    private volatile Set<String> answerHeld = Set.of();

    JournalConnection(JournalGate gate, int generation, Socket node, Socket server) throws IOException {
        this.gate = gate;
        this.generation = generation;
        this.node = node;
        this.server = server;
        node.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
    }

    void start() {
        Thread.ofVirtual().start(() -> run(this::toServer));
        Thread.ofVirtual().start(() -> run(this::toNode));
    }

    void close() {
        try (node;
                server) {
            return;
        } catch (IOException e) {
            throw new AssertionError("closing", e);
        }
    }

    private interface Pump {
        void run() throws IOException, InterruptedException;
    }

    /** An end of either side is the end of both. */
    private void run(Pump pump) {
        try {
            pump.run();
        } catch (IOException e) {
            // Who was connected is gone: that is what this test is about.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close();
        }
    }

    private record Message(int type, byte[] body) {
        static Message read(DataInputStream from) throws IOException {
            int type = from.readUnsignedByte();
            return new Message(type, body(from));
        }

        /** After its type, which a connection's first message has not. */
        static byte[] body(DataInputStream from) throws IOException {
            byte[] body = new byte[from.readInt() - Integer.BYTES];
            from.readFully(body);
            return body;
        }

        void write(OutputStream to) throws IOException {
            DataOutputStream out = new DataOutputStream(to);
            out.write(type);
            writeBody(out, body);
        }

        static void writeBody(DataOutputStream out, byte[] body) throws IOException {
            out.writeInt(body.length + Integer.BYTES);
            out.write(body);
        }

        /** The string that begins at {@code offset}. */
        String text(int offset) {
            int end = offset;
            while (end < body.length && body[end] != 0) {
                end++;
            }
            return new String(body, offset, end - offset, StandardCharsets.ISO_8859_1);
        }
    }

    private void toServer() throws IOException, InterruptedException {
        DataInputStream from = new DataInputStream(node.getInputStream());
        OutputStream to = server.getOutputStream();
        begin(from, to);
        ByteArrayOutputStream together = new ByteArrayOutputStream();
        Set<String> events = new LinkedHashSet<>();
        while (true) {
            Message message = Message.read(from);
            message.write(together);
            switch (message.type()) {
                case 'P' -> parse(message);
                case 'B' -> events.addAll(events(message));
                case 'D', 'E', 'C' -> {}
                default -> {
                    // Sync, or what stands alone: all until here is the server's to answer.
                    if (!events.isEmpty()) {
                        Set<String> written = Set.copyOf(events);
                        answerHeld = gate.writing(written) ? written : Set.of();
                        events.clear();
                    }
                    forward(together.toByteArray(), to);
                    together.reset();
                }
            }
        }
    }

    /** We speak no TLS, and say so in the server's name. */
    private void begin(DataInputStream from, OutputStream to) throws IOException, InterruptedException {
        byte[] first = Message.body(from);
        int code = new DataInputStream(new ByteArrayInputStream(first)).readInt();
        if (code == SSL_REQUEST || code == GSS_REQUEST) {
            node.getOutputStream().write('N');
            begin(from, to);
            return;
        }
        ByteArrayOutputStream start = new ByteArrayOutputStream();
        Message.writeBody(new DataOutputStream(start), first);
        forward(start.toByteArray(), to);
    }

    private void parse(Message message) {
        String name = message.text(0);
        if (message.text(name.length() + 1).startsWith(INSERT)) {
            inserts.add(name);
        } else {
            inserts.remove(name);
        }
    }

    private Set<String> events(Message bind) {
        int statement = bind.text(0).length() + 1;
        Set<String> names = new LinkedHashSet<>();
        if (inserts.contains(bind.text(statement))) {
            Matcher event = EVENT.matcher(new String(bind.body(), StandardCharsets.ISO_8859_1));
            while (event.find()) {
                names.add(event.group());
            }
            if (names.isEmpty()) {
                throw new AssertionError("a write of no event");
            }
        }
        return names;
    }

    private void toNode() throws IOException, InterruptedException {
        DataInputStream from = new DataInputStream(server.getInputStream());
        OutputStream to = node.getOutputStream();
        while (true) {
            Message message = Message.read(from);
            // ReadyForQuery: committed, since a statement by itself is a transaction.
            Set<String> unheard = answerHeld;
            if (!unheard.isEmpty() && message.type() == 'Z') {
                gate.committed(unheard);
            }
            if (unheard.isEmpty()) {
                ByteArrayOutputStream octets = new ByteArrayOutputStream();
                message.write(octets);
                forward(octets.toByteArray(), to);
            }
        }
    }

    private void forward(byte[] octets, OutputStream to) throws IOException, InterruptedException {
        if (!gate.mayPass(generation)) {
            throw new IOException("this node is no more");
        }
        to.write(octets);
        to.flush();
    }
}
