package io.warren.management.api;

/**
 * A UDP socket: its buffers in octets, as the kernel granted them and as they were wished for.
 *
 * @param granted whether there is no less than was wished for
 */
public record PortView(
        String address,
        int receiveBuffer,
        int wishedReceiveBuffer,
        int sendBuffer,
        int wishedSendBuffer,
        boolean granted) {}
