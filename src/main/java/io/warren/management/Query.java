package io.warren.management;

import akka.http.javadsl.model.HttpRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The parameters after the question mark. An unknown one is an error: a misspelt filter must not select everything.
 */
final class Query {
    private static final int USUAL_LIMIT = 100;

    private final Map<String, String> parameters = new TreeMap<>();

    private Query(HttpRequest request) {
        request.getUri().query().toList().forEach(pair -> {
            if (parameters.put(pair.first(), pair.second()) != null) {
                throw new BadRequest("the parameter '" + pair.first() + "' stands there twice");
            }
        });
    }

    static Query of(HttpRequest request) {
        return new Query(request);
    }

    /** Refuses all parameters but these. */
    void only(String... known) {
        List<String> names = Arrays.asList(known);
        for (String name : parameters.keySet()) {
            if (!names.contains(name)) {
                throw new BadRequest("no parameter '" + name + "' here; "
                        + (names.isEmpty() ? "there is none" : "there are: " + String.join(", ", names)));
            }
        }
    }

    Selection selection(String... known) {
        only(known);
        int limit = number("limit", USUAL_LIMIT, Selection.MOST);
        return new Selection(text("user"), text("peer"), text("address"), limit, text("after"));
    }

    /** The result code that the peer is told: 16 bits, 0 is reserved. */
    int result(int usual) {
        only("result");
        return number("result", usual, 65_535);
    }

    private @Nullable String text(String name) {
        return parameters.get(name);
    }

    private int number(String name, int usual, int most) {
        String text = parameters.get(name);
        if (text == null) {
            return usual;
        }
        return Ids.number(text)
                .filter(number -> number <= most)
                .orElseThrow(() -> new BadRequest(name + "='" + text + "' is not a number from 1 to " + most));
    }
}
