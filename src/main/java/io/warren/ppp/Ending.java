package io.warren.ppp;

/** Why the link is about to end; becomes its {@link LinkOutput.LinkDown}. */
record Ending(LinkEnd cause, String reason) {}
