package io.warren.management.api;

/**
 * A request failed.
 *
 * @param status the HTTP status
 * @param error the status in words
 * @param reason what was wrong with this request, and what would be right
 */
public record ErrorView(int status, String error, String reason) {}
