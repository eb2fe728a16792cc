package io.warren.dataplane;

import io.warren.control.port.Endpoint;

/**
 * A UDP socket's buffers, in octets.
 *
 * @param receiveBuffer as the kernel granted it
 * @param sendBuffer as the kernel granted it
 */
public record PortFigures(
        Endpoint address, int receiveBuffer, int wishedReceiveBuffer, int sendBuffer, int wishedSendBuffer) {
    /** Whether there is no less than was wished for. */
    public boolean granted() {
        return receiveBuffer >= wishedReceiveBuffer && sendBuffer >= wishedSendBuffer;
    }
}
