package io.warren.app;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.DispatcherSelector;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Down;
import akka.cluster.typed.Join;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node that the cluster has put down ends at once, and only then. */
class MinorityFenceTest {
    private final ActorTestKit kit = ActorTestKit.create(
            "fence",
            ConfigFactory.parseString("akka.loglevel = ERROR")
                    .withFallback(ConfigFactory.parseResources("cluster.conf"))
                    .withFallback(ConfigFactory.load()));

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void aNodeThatIsPutDownIsSilentAtOnce() {
        TestProbe<String> probe = kit.createTestProbe();
        Cluster cluster = Cluster.get(kit.system());
        kit.spawn(
                MinorityFence.create(probe.getRef()::tell),
                DispatcherSelector.fromConfig("warren-membership-dispatcher"));
        cluster.manager().tell(Join.create(cluster.selfMember().address()));
        TestProbe<Object> waiting = kit.createTestProbe();
        waiting.awaitAssert(Duration.ofSeconds(20), () -> {
            assertThat(cluster.selfMember().status()).isEqualTo(MemberStatus.up());
            return null;
        });
        probe.expectNoMessage(MinorityFence.PATIENCE.multipliedBy(2));
        cluster.manager().tell(new Down(cluster.selfMember().address()));
        assertThat(probe.receiveMessage(Duration.ofSeconds(10))).contains("put this node down");
    }
}
