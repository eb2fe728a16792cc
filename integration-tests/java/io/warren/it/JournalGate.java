package io.warren.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a node and its PostgreSQL server, in the namespace {@code lns}, sees the writes to the journal, and holds
 * everything back at the one that it is told: before the server has it, or after the server has committed it and
 * before the node hears of that. Who sees that it holds kills the node; so nothing moves between that moment and the
 * node's end. {@link #reset} opens it for the node's next life.
 */
final class JournalGate implements AutoCloseable {
    /** Which side of the server's commit. */
    enum Side {
        BEFORE("before "),
        AFTER("after ");

        final String text;

        Side(String text) {
            this.text = text;
        }
    }

    private final Topology topology;
    private final int serverPort;
    private final ServerSocket listener;
    private final List<JournalConnection> connections = new ArrayList<>();
    private final Set<String> events = new LinkedHashSet<>();
    private int generation;
    private @Nullable String event;
    private Side side = Side.BEFORE;
    private Set<String> held = Set.of();

    private JournalGate(Topology topology, int serverPort, ServerSocket listener) {
        this.topology = topology;
        this.serverPort = serverPort;
        this.listener = listener;
    }

    static JournalGate before(Topology topology, int serverPort) {
        ServerSocket listener =
                Namespace.open(topology, "lns", () -> new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")));
        JournalGate gate = new JournalGate(topology, serverPort, listener);
        Thread.ofPlatform().daemon().name("journal-gate").start(gate::accept);
        return gate;
    }

    int port() {
        return listener.getLocalPort();
    }

    synchronized void forget() {
        events.clear();
    }

    /** Holds at the first write of this event. */
    synchronized void holdAt(String name, Side where) {
        event = name;
        side = where;
    }

    /** The events of the write at which it holds; empty while it does not. */
    synchronized Set<String> held() {
        return held;
    }

    /** The names of the events that were written since the last {@link #forget}, in their order. */
    synchronized List<String> events() {
        return List.copyOf(events);
    }

    /** Ends all connections, which were those of a node that is no more, and lets everything through again. */
    synchronized void reset() {
        generation++;
        event = null;
        held = Set.of();
        connections.forEach(JournalConnection::close);
        connections.clear();
        notifyAll();
    }

    /**
     * The node is about to write.
     *
     * @return whether its answer is to be held
     */
    synchronized boolean writing(Set<String> names) {
        events.addAll(names);
        boolean here = event != null && names.contains(event);
        if (here) {
            event = null;
            if (side == Side.BEFORE) {
                held = names;
            }
        }
        return here && side == Side.AFTER;
    }

    /** The server has committed the write at which we hold. */
    synchronized void committed(Set<String> names) {
        held = names;
    }

    /** Waits while the gate holds; false when the connection is of a node that is no more. */
    synchronized boolean mayPass(int generationOfConnection) throws InterruptedException {
        while (!held.isEmpty() && generation == generationOfConnection) {
            wait();
        }
        return generation == generationOfConnection;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket node = listener.accept();
                Socket server = Namespace.open(
                        topology, "lns", () -> new Socket(InetAddress.getByName("127.0.0.1"), serverPort));
                begin(node, server);
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private synchronized void begin(Socket node, Socket server) throws IOException {
        JournalConnection connection = new JournalConnection(this, generation, node, server);
        connections.add(connection);
        connection.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        reset();
    }
}
