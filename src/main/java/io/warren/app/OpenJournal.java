package io.warren.app;

import akka.actor.setup.Setup;
import com.typesafe.config.Config;
import io.warren.config.Settings;
import io.warren.journal.JournalDatabase;
import io.warren.journal.JournalIndex;
import java.util.List;

/**
 * The journal of a node, open.
 *
 * @param index what is in it, where nobody else writes
 * @param config for the actor system: to be put over the application's own
 * @param setups for the actor system, too
 */
record OpenJournal(JournalDatabase database, JournalIndex index, Config config, List<Setup> setups)
        implements AutoCloseable {
    /** The one that the settings name. */
    static OpenJournal open(Settings settings) {
        JournalDatabase database = JournalDatabase.open(settings);
        JournalIndex index = new JournalIndex();
        return new OpenJournal(database, index, database.config(), List.copyOf(database.setups(index)));
    }

    @Override
    public void close() {
        database.close();
    }
}
