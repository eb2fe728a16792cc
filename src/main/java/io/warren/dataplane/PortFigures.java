package io.warren.dataplane;

import io.warren.control.port.Endpoint;

/**
 * A UDP socket's buffers, in octets.
 *
 * @param receiveBuffer as the kernel granted it
 * @param sendBuffer as the kernel granted it
 * @param dropped datagrams for which the receive buffer had no room, by the kernel's count
 */
public record PortFigures(
        Endpoint address,
        int receiveBuffer,
        int wishedReceiveBuffer,
        int sendBuffer,
        int wishedSendBuffer,
        long dropped) {
    /** Whether there is no less than was wished for. */
    public boolean granted() {
        return receiveBuffer >= wishedReceiveBuffer && sendBuffer >= wishedSendBuffer;
    }
}
