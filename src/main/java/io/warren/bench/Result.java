package io.warren.bench;

import java.util.Map;

/**
 * What one scenario gave, in one run of one LNS: a line of the raw results.
 *
 * @param figures by name; units are in the names
 * @param generatorLimited whether the generator, not the LNS, was the limit
 * @param anomalies of all trials of the scenario
 */
record Result(
        String lns,
        int run,
        String scenario,
        Map<String, Double> figures,
        boolean generatorLimited,
        Anomalies anomalies) {}
