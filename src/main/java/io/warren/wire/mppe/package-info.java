/**
 * Microsoft Point-to-Point Encryption in its stateless mode: the keys of RFC 3079 and the packets of RFC 3078, on memory
 * that is already there. Whether a call is encrypted is not decided here, and how much a peer may cost is not limited.
 */
@NullMarked
package io.warren.wire.mppe;

import org.jspecify.annotations.NullMarked;
