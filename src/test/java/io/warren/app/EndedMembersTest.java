package io.warren.app;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.Address;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EndedMembersTest {
    private static final Address NODE = new Address("akka", "warren", "192.0.2.7", 25520);

    private final Known known = new Known();

    private static final class Known implements EndedMembers.Members {
        private final Set<Address> silent = new HashSet<>();
        private final List<Address> putDown = new ArrayList<>();
        private boolean majority = true;

        @Override
        public synchronized Set<Address> silent() {
            return Set.copyOf(silent);
        }

        @Override
        public boolean majorityHeard() {
            return majority;
        }

        @Override
        public synchronized void putDown(Address member) {
            putDown.add(member);
            silent.remove(member);
        }

        synchronized List<Address> ended() {
            return List.copyOf(putDown);
        }
    }

    @Test
    void twoRefusalsInARowAreProof() {
        known.silent.add(NODE);
        EndedMembers watch = new EndedMembers(known, _ -> true);
        watch.look();
        assertThat(known.putDown).isEmpty();
        watch.look();
        assertThat(known.putDown).containsExactly(NODE);
    }

    @Test
    void silenceAloneIsNone() {
        known.silent.add(NODE);
        EndedMembers watch = new EndedMembers(known, _ -> false);
        for (int i = 0; i < 20; i++) {
            watch.look();
        }
        assertThat(known.putDown).isEmpty();
    }

    @Test
    void whoIsHeardInBetweenBeginsAnew() {
        EndedMembers watch = new EndedMembers(known, _ -> true);
        known.silent.add(NODE);
        watch.look();
        known.silent.clear();
        watch.look();
        known.silent.add(NODE);
        watch.look();
        assertThat(known.putDown).isEmpty();
    }

    @Test
    void aNodeWithoutTheMajorityJudgesNobody() {
        known.majority = false;
        known.silent.add(NODE);
        EndedMembers watch = new EndedMembers(known, _ -> true);
        for (int i = 0; i < 5; i++) {
            watch.look();
        }
        assertThat(known.putDown).isEmpty();
    }

    @Test
    void aPortThatIsListenedAtIsNotRefusedAndAClosedOneIs() throws Exception {
        Thread thread;
        try (ServerSocket open = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Address member = new Address("akka", "warren", "127.0.0.1", open.getLocalPort());
            known.silent.add(member);
            thread = EndedMembers.watch(known);
            Thread.sleep(Duration.ofMillis(600));
            assertThat(known.ended()).isEmpty();
        }
        try {
            for (int i = 0; i < 100 && known.ended().isEmpty(); i++) {
                Thread.sleep(Duration.ofMillis(100));
            }
            assertThat(known.ended()).hasSize(1);
        } finally {
            thread.interrupt();
        }
    }
}
