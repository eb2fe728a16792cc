package io.warren.client;

import java.time.Duration;

/**
 * @param least, average, most round-trip times; zero when nothing was received
 */
public record PingStatistics(int sent, int received, Duration least, Duration average, Duration most) {}
