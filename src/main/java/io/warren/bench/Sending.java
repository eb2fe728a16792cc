package io.warren.bench;

/** A {@link Sender} at work in a thread of its own. */
final class Sending {
    private final Sender sender;
    private final Thread thread;
    private volatile Answer.Sent sent = new Answer.Sent(0, 0, 0);

    private Sending(Sender sender) {
        this.sender = sender;
        this.thread = Thread.ofPlatform().daemon().name("sender").unstarted(() -> sent = sender.send());
    }

    static Sending begin(Sender sender) {
        Sending sending = new Sending(sender);
        sending.thread.start();
        return sending;
    }

    /** Ends it, if its time is not over yet. */
    Answer.Sent end() {
        sender.stop();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return sent;
    }
}
