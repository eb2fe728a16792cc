package io.warren.ppp;

import io.warren.wire.Bytes;

/** What a {@link PppLink} wants done. */
public sealed interface LinkOutput {
    /** Send this frame: Address, Control, protocol and information, as it follows the L2TP header. */
    record SendFrame(Bytes frame) implements LinkOutput {}

    /** The peer showed its credentials: decide, then call {@link PppLink#authenticated}. */
    record AuthenticationRequested(Credentials credentials) implements LinkOutput {}

    /** The peer wants this IPv4 address though another was offered: lease it or not, then {@link PppLink#addressDecided}. */
    record AddressWished(int address) implements LinkOutput {}

    /** An IPv6 packet that the peer sent to this end, or to all on the link; it may be anything. */
    record PacketReceived(Bytes packet) implements LinkOutput {}

    /** IP may flow. Comes again, with new parameters, after a re-negotiation, and when IPv4 or IPv6 joins or leaves. */
    record NetworkUp(LinkParameters parameters) implements LinkOutput {}

    /** From now on packets are compressed, or not, as {@link PppLink#deflate} says; nothing else has changed. */
    record CompressionChanged() implements LinkOutput {}

    /** Neither IPv4 nor IPv6 must flow: the link is being re-negotiated. */
    record NetworkDown(String reason) implements LinkOutput {}

    /** A packet was not acted upon: count it under this reason. */
    record Discarded(String reason) implements LinkOutput {}

    /** The link is over; nothing more will come of it. */
    record LinkDown(LinkEnd cause, String reason) implements LinkOutput {}
}
