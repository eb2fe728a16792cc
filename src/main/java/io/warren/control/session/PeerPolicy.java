package io.warren.control.session;

import io.warren.config.PeerPattern;
import io.warren.ppp.LinkSettings;
import io.warren.ppp.ProxyPolicy;

/** How calls from some peers are taken. */
public record PeerPolicy(PeerPattern peers, LinkSettings link, ProxyPolicy proxy) {}
