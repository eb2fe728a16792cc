package io.warren.ppp;

import java.util.List;

/** The outcome of one input to a {@link PppLink}: the link as it is now, and what to do, in order. */
public record LinkStep(PppLink link, List<LinkOutput> outputs) {}
