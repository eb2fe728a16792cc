package io.warren.control.port;

import io.warren.ppp.EapRound;
import io.warren.wire.Bytes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Somebody elsewhere who decides who may call: a RADIUS server. Addresses out of the pools are not its business. */
@FunctionalInterface
public interface SubscriberAuthority {
    /** Never completes exceptionally. */
    CompletionStage<Verdict> ask(AccessRequest request);

    /** What it says. */
    sealed interface Verdict {
        /**
         * Let in.
         *
         * @param user the name under which the call is known
         * @param address of the subscriber's own, as a big-endian int; 0: one from the pools
         * @param pool to take it from; null: the usual one
         * @param mayWish whether the subscriber may have another address of the pools if he asks for it
         * @param dns up to two name servers; empty: the usual ones
         * @param rates bits a second that the call may use up and down; null: the usual ones
         * @param eap the EAP packet to say it with; null: any
         * @param calls how many he may have at once; 0: as usual
         */
        record Accepted(
                String user,
                int address,
                @Nullable String pool,
                boolean mayWish,
                List<Integer> dns,
                @Nullable Rates rates,
                @Nullable String authenticatorResponse,
                SubscriberProfile profile,
                @Nullable MppeKeys keys,
                @Nullable Bytes eap,
                int calls)
                implements Verdict {
            /** Without a word about the number of calls. */
            public Accepted(
                    String user,
                    int address,
                    @Nullable String pool,
                    boolean mayWish,
                    List<Integer> dns,
                    @Nullable Rates rates,
                    @Nullable String authenticatorResponse,
                    SubscriberProfile profile,
                    @Nullable MppeKeys keys,
                    @Nullable Bytes eap) {
                this(user, address, pool, mayWish, dns, rates, authenticatorResponse, profile, keys, eap, 0);
            }

            /** Without a word about EAP, too. */
            public Accepted(
                    String user,
                    int address,
                    @Nullable String pool,
                    boolean mayWish,
                    List<Integer> dns,
                    @Nullable Rates rates,
                    @Nullable String authenticatorResponse,
                    SubscriberProfile profile,
                    @Nullable MppeKeys keys) {
                this(user, address, pool, mayWish, dns, rates, authenticatorResponse, profile, keys, null);
            }
        }

        /**
         * Turned away; the reason is for the journal.
         *
         * @param eap the EAP packet to say it with; null: any
         */
        record Rejected(String reason, @Nullable Bytes eap) implements Verdict {
            /** Without a word about EAP. */
            public Rejected(String reason) {
                this(reason, null);
            }
        }

        /**
         * It wants to have this EAP Request answered first, and the Response to be shown with this round.
         *
         * @param repeatAfter how long to wait for the Response before the Request is sent again; zero: as usual
         */
        record Challenged(Bytes eap, EapRound round, Duration repeatAfter) implements Verdict {}

        /** It cannot be asked. */
        record Unavailable(String reason) implements Verdict {}
    }

    /** Bits a second, 0 for no limit. */
    record Rates(long up, long down) {
        /** These limits with these rates. */
        public TrafficLimits in(TrafficLimits usual) {
            return new TrafficLimits(
                    octets(up),
                    up == 0 ? 0 : usual.upBurst(),
                    octets(down),
                    down == 0 ? 0 : usual.downBurst(),
                    usual.packetRate());
        }

        /** What is out of range is brought to its nearest end. */
        private static long octets(long bits) {
            return bits == 0 ? 0 : Math.clamp(bits / 8, TrafficLimits.LEAST_RATE, TrafficLimits.MOST_RATE);
        }
    }
}
