package io.warren.ppp;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.ppp.TransitionTable.Event;
import io.warren.ppp.TransitionTable.State;
import io.warren.ppp.TransitionTable.Transition;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of RFC 1661 §4.1 in the two halves in which the RFC prints it, against ours. */
class TransitionTableTest {
    private static final String FIRST_HALF = """
             Up   |    2     irc,scr/6     -         -         -         -
             Down |    -         -         0       tls/1       0         1
             Open |  tls/1       1     irc,scr/6     3r        5r        5r
             Close|    0       tlf/0       2         2         4         4
              TO+ |    -         -         -         -       str/4     str/5
              TO- |    -         -         -         -       tlf/2     tlf/3
             RCR+ |    -         -       sta/2 irc,scr,sca/8   4         5
             RCR- |    -         -       sta/2 irc,scr,scn/6   4         5
             RCA  |    -         -       sta/2     sta/3       4         5
             RCN  |    -         -       sta/2     sta/3       4         5
             RTR  |    -         -       sta/2     sta/3     sta/4     sta/5
             RTA  |    -         -         2         3       tlf/2     tlf/3
             RUC  |    -         -       scj/2     scj/3     scj/4     scj/5
             RXJ+ |    -         -         2         3         4         5
             RXJ- |    -         -       tlf/2     tlf/3     tlf/2     tlf/3
             RXR  |    -         -         2         3         4         5
            """;

    private static final String SECOND_HALF = """
             Up   |    -         -         -           -
             Down |    1         1         1         tld/1
             Open |    6         7         8           9r
             Close|irc,str/4 irc,str/4 irc,str/4 tld,irc,str/4
              TO+ |  scr/6     scr/6     scr/8         -
              TO- |  tlf/3p    tlf/3p    tlf/3p        -
             RCR+ |  sca/8   sca,tlu/9   sca/8   tld,scr,sca/8
             RCR- |  scn/6     scn/7     scn/6   tld,scr,scn/6
             RCA  |  irc/7     scr/6x  irc,tlu/9   tld,scr/6x
             RCN  |irc,scr/6   scr/6x  irc,scr/8   tld,scr/6x
             RTR  |  sta/6     sta/6     sta/6   tld,zrc,sta/5
             RTA  |    6         6         8       tld,scr/6
             RUC  |  scj/6     scj/7     scj/8       scj/9
             RXJ+ |    6         6         8           9
             RXJ- |  tlf/3     tlf/3     tlf/3   tld,irc,str/5
             RXR  |    6         7         8         ser/9
            """;

    @Test
    void everyCellIsTheRfcs() {
        Map<String, String> cells = new HashMap<>();
        read(FIRST_HALF, 0, cells);
        read(SECOND_HALF, 6, cells);
        assertThat(cells).hasSize(16 * 10);
        for (Event event : Event.values()) {
            for (State state : State.values()) {
                String cell = cells.get(event + " " + List.of(State.values()).indexOf(state));
                assertThat(print(TransitionTable.of(state, event)))
                        .as("%s in %s", event, state)
                        .isEqualTo(cell);
            }
        }
    }

    private static void read(String half, int firstState, Map<String, String> cells) {
        for (String line : half.lines().toList()) {
            String[] sides = line.split("\\|", 2);
            String event = sides[0].strip()
                    .toUpperCase(Locale.ROOT)
                    .replace("+", "_PLUS")
                    .replace("-", "_MINUS");
            int state = firstState;
            for (String cell : sides[1].strip().split(" +", -1)) {
                cells.put(event + " " + state++, cell.replaceAll("[rpx]$", ""));
            }
        }
    }

    private static String print(@org.jspecify.annotations.Nullable Transition transition) {
        if (transition == null) {
            return "-";
        }
        String actions = transition.actions().stream()
                .map(action -> action.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(","));
        int next = List.of(State.values()).indexOf(transition.next());
        return actions.isEmpty() ? "" + next : actions + "/" + next;
    }
}
