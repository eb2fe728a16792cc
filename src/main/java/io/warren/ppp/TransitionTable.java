package io.warren.ppp;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The state transition table of the option negotiation automaton, RFC 1661 §4.1, as the RFC prints it. */
final class TransitionTable {
    /** RFC 1661 §4.2, in the order of the table's columns. */
    enum State {
        INITIAL,
        STARTING,
        CLOSED,
        STOPPED,
        CLOSING,
        STOPPING,
        REQ_SENT,
        ACK_RCVD,
        ACK_SENT,
        OPENED;

        /** Whether the Restart timer runs in this state. */
        boolean timed() {
            return switch (this) {
                case CLOSING, STOPPING, REQ_SENT, ACK_RCVD, ACK_SENT -> true;
                case INITIAL, STARTING, CLOSED, STOPPED, OPENED -> false;
            };
        }
    }

    /** RFC 1661 §4.3. A name ends with PLUS or MINUS where the RFC's ends with + or -. */
    enum Event {
        UP,
        DOWN,
        OPEN,
        CLOSE,
        TO_PLUS,
        TO_MINUS,
        RCR_PLUS,
        RCR_MINUS,
        RCA,
        RCN,
        RTR,
        RTA,
        RUC,
        RXJ_PLUS,
        RXJ_MINUS,
        RXR
    }

    /** RFC 1661 §4.4. */
    enum Action {
        TLU,
        TLD,
        TLS,
        TLF,
        IRC,
        ZRC,
        SCR,
        SCA,
        SCN,
        STR,
        STA,
        SCJ,
        SER
    }

    record Transition(List<Action> actions, State next) {}

    private static final List<State> COLUMNS = List.of(State.values());
    private static final Map<Event, Map<State, Transition>> TABLE = new EnumMap<>(Event.class);

    // The Restart option (r), the Passive option (p) and the note on crossed connections (x) change no cell here.
    // spotless:off
    static {
        //   state            0      1          2          3              4        5        6          7          8
        //     9
        //                    Initial Starting  Closed     Stopped        Closing  Stopping Req-Sent   Ack-Rcvd
        // Ack-Sent   Opened
        row(
                Event.UP,
                "2      irc,scr/6  -          -              -        -        -          -          -          -");
        row(
                Event.DOWN,
                "-      -          0          tls/1          0        1        1          1          1          tld/1");
        row(
                Event.OPEN,
                "tls/1  1          irc,scr/6  3              5        5        6          7          8          9");
        row(
                Event.CLOSE,
                "0      tlf/0      2          2              4        4        irc,str/4  irc,str/4  irc,str/4  tld,irc,str/4");
        row(
                Event.TO_PLUS,
                "-      -          -          -              str/4    str/5    scr/6      scr/6      scr/8      -");
        row(
                Event.TO_MINUS,
                "-      -          -          -              tlf/2    tlf/3    tlf/3      tlf/3      tlf/3      -");
        row(
                Event.RCR_PLUS,
                "-      -          sta/2      irc,scr,sca/8  4        5        sca/8      sca,tlu/9  sca/8      tld,scr,sca/8");
        row(
                Event.RCR_MINUS,
                "-      -          sta/2      irc,scr,scn/6  4        5        scn/6      scn/7      scn/6      tld,scr,scn/6");
        row(
                Event.RCA,
                "-      -          sta/2      sta/3          4        5        irc/7      scr/6      irc,tlu/9  tld,scr/6");
        row(
                Event.RCN,
                "-      -          sta/2      sta/3          4        5        irc,scr/6  scr/6      irc,scr/8  tld,scr/6");
        row(
                Event.RTR,
                "-      -          sta/2      sta/3          sta/4    sta/5    sta/6      sta/6      sta/6      tld,zrc,sta/5");
        row(
                Event.RTA,
                "-      -          2          3              tlf/2    tlf/3    6          6          8          tld,scr/6");
        row(
                Event.RUC,
                "-      -          scj/2      scj/3          scj/4    scj/5    scj/6      scj/7      scj/8      scj/9");
        row(
                Event.RXJ_PLUS,
                "-      -          2          3              4        5        6          6          8          9");
        row(
                Event.RXJ_MINUS,
                "-      -          tlf/2      tlf/3          tlf/2    tlf/3    tlf/3      tlf/3      tlf/3      tld,irc,str/5");
        row(
                Event.RXR,
                "-      -          2          3              4        5        6          7          8          ser/9");
    }
    // spotless:on

    private TransitionTable() {}

    /** What happens, or null where the table has a dash: the event cannot happen in this state. */
    static @Nullable Transition of(State state, Event event) {
        return Objects.requireNonNull(TABLE.get(event)).get(state);
    }

    private static void row(Event event, String cells) {
        Map<State, Transition> row = new EnumMap<>(State.class);
        Iterator<State> column = COLUMNS.iterator();
        for (String cell : cells.split(" +", -1)) {
            State state = column.next();
            if (!cell.equals("-")) {
                row.put(state, cell(cell));
            }
        }
        TABLE.put(event, row);
    }

    private static Transition cell(String cell) {
        int slash = cell.indexOf('/');
        List<Action> actions = slash < 0
                ? List.of()
                : Arrays.stream(cell.substring(0, slash).split(",", -1))
                        .map(name -> Action.valueOf(name.toUpperCase(Locale.ROOT)))
                        .toList();
        return new Transition(actions, COLUMNS.get(Integer.parseInt(cell.substring(slash + 1))));
    }
}
