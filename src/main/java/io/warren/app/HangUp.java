package io.warren.app;

import akka.Done;
import io.warren.control.tunnel.TunnelInput;
import io.warren.wire.l2tp.ResultCode;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Ends all tunnels of this node, for those who want that when it stops: {@code warren.on-stop = hangup}. */
final class HangUp {
    /** The peers get so long to say goodbye. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private HangUp() {}

    /** StopCCN to all tunnels; done when they have ended, or after {@link #PATIENCE}. */
    static CompletionStage<Done> all(ControlPlane control) {
        ResultCode goingDown = new ResultCode(6, null, "the node is stopping");
        control.tunnels()
                .all()
                .forEach(entry -> control.router().tell(entry.getKey(), new TunnelInput.Close(goingDown, "local")));
        CompletableFuture<Done> ended = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            long giveUp = System.nanoTime() + PATIENCE.toNanos();
            while (control.anythingOpen() && System.nanoTime() < giveUp) {
                try {
                    TimeUnit.MILLISECONDS.sleep(50);
                } catch (InterruptedException e) {
                    break;
                }
            }
            ended.complete(Done.getInstance());
        });
        return ended;
    }
}
