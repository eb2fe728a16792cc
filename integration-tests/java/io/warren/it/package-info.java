/**
 * Tests against the real world: the distribution as it is shipped, in network namespaces of its own, with a real Linux
 * client or LNS (xl2tpd and pppd in user-mode-linux), tcpdump and Wireshark's dissector as the judge. They see Warren from
 * outside only: its packets, its HTTP interface, its exit status. See integration-tests/README.md.
 */
@NullMarked
package io.warren.it;

import org.jspecify.annotations.NullMarked;
