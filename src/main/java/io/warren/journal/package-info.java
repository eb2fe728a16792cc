/**
 * The journal: how events become rows, and rows the state of a starting node. Codec, write-ahead log, H2 and PostgreSQL
 * by akka-persistence-jdbc, bulk reading, history and retention. Decides nothing about calls and starts no entity.
 *
 * <p>On H2 an event takes this way: {@link io.warren.journal.LogFirstJournal} (the plug-in's actor) writes it to the {@link
 * io.warren.journal.JournalLog}, which is when it is acknowledged; the log's thread puts it into the tables later, many
 * in one transaction and at its own pace. Whoever reads the tables gets a connection that waits for that. Writing each
 * batch to H2 before the answer, as was planned, took half of the CPU of a call set-up: its batches are small when calls
 * wait for them. A log and a {@link io.warren.journal.JournalIndex} need a node that owns its journal alone; without
 * them all goes the plug-in's own way.
 *
 * <p>On PostgreSQL, which several nodes write, nothing is kept in memory and there is no log: {@link
 * io.warren.journal.SharedJournal} answers when the {@link io.warren.journal.EventWriter} has committed, and many
 * entities share a statement, writing as well as reading. Two writers of one entity are told apart by the table's unique
 * key. {@link io.warren.journal.JournalWatch} knows whether the server is there, so that nobody waits for it in vain.
 *
 * <p>What was acknowledged survives the end of the process at any moment. On H2 nothing is forced to the
 * disk for each event: the end of the machine can lose the last seconds, of both alike.
 */
@NullMarked
package io.warren.journal;

import org.jspecify.annotations.NullMarked;
