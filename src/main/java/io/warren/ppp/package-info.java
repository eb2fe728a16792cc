/**
 * PPP as pure automata: the option negotiation automaton of RFC 1661 §4, LCP, authentication dialogues, CCP for MPPE, IPCP
 * and IPv6CP, and the link that composes them. Either end. No clock, no socket, no secrets fetched: it asks.
 */
@NullMarked
package io.warren.ppp;

import org.jspecify.annotations.NullMarked;
