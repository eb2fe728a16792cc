package io.warren.app;

import akka.actor.Address;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds members whose process has ended, long before their heartbeats are missed: who is silent on the relay is asked at the
 * port of its remoting, and a machine that is there and refuses the connection runs no such process. That is proof, where
 * silence is none, so the member is put down at once. A machine that does not answer is left to the failure detector and
 * the split-brain resolver; and so is everything by a node that does not hear the majority, since a firewall between two
 * sides can refuse, too.
 */
final class EndedMembers {
    private static final Logger LOG = LoggerFactory.getLogger(EndedMembers.class);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final int CONNECT_MILLIS = 200;

    /** So many refusals in a row, a look apart: a process that starts anew at this moment would not have its port yet. */
    private static final int PROOF = 2;

    /** What is known of the members here. */
    interface Members {
        /** Members that were heard on the relay and are not any more. */
        Set<Address> silent();

        /** Whether more than half of the members are heard, or what counts as that. */
        boolean majorityHeard();

        void putDown(Address member);
    }

    /** Asks for a connection. */
    @FunctionalInterface
    interface Probe {
        /** Whether there is a machine at this address, and nobody at this port. */
        boolean isRefused(Address member);
    }

    private final Members members;
    private final Probe probe;
    private final Map<Address, Integer> refusals = new HashMap<>();

    EndedMembers(Members members, Probe probe) {
        this.members = members;
        this.probe = probe;
    }

    /** Looks until the thread is interrupted. */
    static Thread watch(Members members) {
        EndedMembers watch = new EndedMembers(members, EndedMembers::isRefused);
        return Thread.ofVirtual().name("warren-ended-members").start(() -> {
            try {
                while (true) {
                    TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
                    watch.look();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    void look() {
        Set<Address> silent = members.silent();
        refusals.keySet().retainAll(silent);
        for (Address member : silent) {
            int refused = probe.isRefused(member) ? refusals.merge(member, 1, Integer::sum) : 0;
            if (refused == 0) {
                refusals.remove(member);
            } else if (refused >= PROOF && members.majorityHeard()) {
                LOG.warn("{} has ended: its machine refuses connections to it; others take its calls", member);
                members.putDown(member);
                refusals.remove(member);
            }
        }
    }

    private static boolean isRefused(Address member) {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(
                            member.getHost().orElseThrow(), member.getPort().orElseThrow()),
                    CONNECT_MILLIS);
            return false;
        } catch (ConnectException e) {
            String why = e.getMessage();
            return why != null && why.startsWith("Connection refused");
        } catch (IOException e) {
            return false;
        }
    }
}
