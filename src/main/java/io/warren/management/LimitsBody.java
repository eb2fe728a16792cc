package io.warren.management;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.warren.config.RateLimits;
import io.warren.management.api.LimitsView;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Reads the body of a request for limits. Whole numbers only; a name that is misspelt must not lift a limit. */
final class LimitsBody {
    private static final ObjectReader READER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build()
            .readerFor(LimitsView.class);

    private static final String NAMES = Arrays.stream(LimitsView.class.getRecordComponents())
            .map(RecordComponent::getName)
            .collect(Collectors.joining(", "));

    private LimitsBody() {}

    static LimitsView parse(String body) {
        try {
            LimitsView limits = READER.readValue(body);
            if (limits == null) {
                throw new BadRequest("the body is null; " + right());
            }
            return limits;
        } catch (UnrecognizedPropertyException e) {
            throw new BadRequest("no limit '" + e.getPropertyName() + "'; there are: " + NAMES);
        } catch (JsonProcessingException e) {
            throw new BadRequest("the body is not understood; " + right());
        }
    }

    static RateLimits rates(LimitsView view) {
        try {
            return new RateLimits(
                    view.downBitsPerSecond(),
                    view.upBitsPerSecond(),
                    view.downBurstOctets(),
                    view.upBurstOctets(),
                    view.packetsPerSecond());
        } catch (IllegalArgumentException e) {
            throw new BadRequest(String.valueOf(e.getMessage()));
        }
    }

    private static String right() {
        return "write a JSON object of whole numbers, 0 or left out for no limit: " + NAMES;
    }
}
