package io.warren.bench;

import java.io.IOException;

/** One of the processes that generate and judge traffic: does what it is told, one order after the other. */
interface Side extends AutoCloseable {
    Answer obey(Order order) throws IOException;

    @Override
    void close() throws IOException;

    /** The answer to an order that is for another side. */
    static Answer refuse(Order order) {
        return new Answer.Failed("this side does not take " + order);
    }
}
