package io.warren.ppp;

import io.warren.wire.Bytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of one input to an authentication dialogue.
 *
 * @param dialogue as it is now
 * @param frames to send
 * @param credentials to have decided upon, if any
 * @param failure why the dialogue has failed, if it has
 * @param discarded why the input was not acted upon, if that is to be counted
 */
record DialogueStep<D>(
        D dialogue,
        List<Bytes> frames,
        @Nullable Credentials credentials,
        @Nullable String failure,
        @Nullable String discarded) {
    DialogueStep(D dialogue, List<Bytes> frames, @Nullable Credentials credentials, @Nullable String failure) {
        this(dialogue, frames, credentials, failure, null);
    }

    static <D> DialogueStep<D> quiet(D dialogue) {
        return new DialogueStep<>(dialogue, List.of(), null, null);
    }

    static <D> DialogueStep<D> send(D dialogue, Bytes frame) {
        return new DialogueStep<>(dialogue, List.of(frame), null, null);
    }

    static <D> DialogueStep<D> ask(D dialogue, Credentials credentials) {
        return new DialogueStep<>(dialogue, List.of(), credentials, null);
    }

    static <D> DialogueStep<D> fail(D dialogue, String failure) {
        return new DialogueStep<>(dialogue, List.of(), null, failure);
    }

    static <D> DialogueStep<D> discard(D dialogue, String reason) {
        return new DialogueStep<>(dialogue, List.of(), null, null, reason);
    }
}
