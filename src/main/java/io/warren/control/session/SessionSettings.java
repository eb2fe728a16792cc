package io.warren.control.session;

import io.warren.ppp.LinkSettings;
import java.time.Duration;

/**
 * How our end of a call behaves.
 *
 * @param connectTimeout how long an offered call may wait for its ICCN (or, at our LAC end, for ICRP)
 * @param setupTimeout how long from ICCN to IP up
 * @param lcpTerminateWait how long to wait for the peer's CDN after LCP was terminated, before we send ours
 */
public record SessionSettings(
        LinkSettings link, Duration connectTimeout, Duration setupTimeout, Duration lcpTerminateWait) {}
