/**
 * Linux through the Foreign Function API: UDP sockets in batches, the TUN device, native packet buffers. Knows no
 * protocol above UDP and nothing of the rest of the project. Not portable on purpose.
 */
@NullMarked
package io.warren.sys;

import org.jspecify.annotations.NullMarked;
