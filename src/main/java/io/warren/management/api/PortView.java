package io.warren.management.api;

/**
 * A UDP socket: its buffers in octets, as the kernel granted them and as they were wished for.
 *
 * @param granted whether there is no less than was wished for
 * @param dropped datagrams for which the receive buffer had no room, by the kernel's count
 */
public record PortView(
        String address,
        int receiveBuffer,
        int wishedReceiveBuffer,
        int sendBuffer,
        int wishedSendBuffer,
        boolean granted,
        long dropped) {}
