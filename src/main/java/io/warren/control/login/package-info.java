/**
 * How many calls a user may have at once, over the whole cluster. Users are spread over a few {@link LoginDesk}s, each on
 * one node at a time, which take the claims of one user one after the other. A desk keeps no journal and no list of who is
 * logged in: for each claim it asks all nodes which calls the user has now, so that nobody is turned away for a call that
 * is gone, a call is counted wherever it lives, and nothing has to be given back. All that it remembers is what no node can
 * know yet: whom it has let in a moment ago, and whose call it is ending.
 *
 * <p>Where nothing limits a user's calls, none of this is asked. Who the user is, and which address he gets, is in
 * {@code control.access}.
 */
@NullMarked
package io.warren.control.login;

import org.jspecify.annotations.NullMarked;
