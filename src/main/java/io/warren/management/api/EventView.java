package io.warren.management.api;

/**
 * One event of a call's journal.
 *
 * @param event its short stable name
 * @param text what happened, in words
 */
public record EventView(String at, String event, String text) {}
