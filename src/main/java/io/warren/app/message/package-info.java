/**
 * Messages between the nodes of a cluster, as CBOR under short stable names. Knows no message by itself but what {@link
 * io.warren.app.message.MessageCodec} lists; finds out the rest from the sealed interfaces and records that they are made
 * of. What is stored is not its business: that is the journal's codec.
 */
@NullMarked
package io.warren.app.message;

import org.jspecify.annotations.NullMarked;
