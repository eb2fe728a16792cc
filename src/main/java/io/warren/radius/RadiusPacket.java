package io.warren.radius;

/**
 * A packet that has been found genuine.
 *
 * @param code one of {@link RadiusCode}
 * @param identifier 0 to 255
 */
record RadiusPacket(int code, int identifier, Attributes attributes) {}
