package io.warren.management;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.warren.management.api.WorkerView;
import java.util.List;
import java.util.function.Supplier;

/** How long the packet threads' batches take, as a Prometheus histogram of counts that others made. */
final class ThreadHistograms implements Collector {
    private static final String NAME = "warren_forwarding_thread_batch_seconds";
    private static final double MICROSECOND = 1e-6;

    private final Supplier<List<WorkerView>> workers;

    ThreadHistograms(Supplier<List<WorkerView>> workers) {
        this.workers = workers;
    }

    @Override
    public String getPrometheusName() {
        return NAME;
    }

    @Override
    public MetricSnapshot collect() {
        HistogramSnapshot.Builder snapshot =
                HistogramSnapshot.builder().name(NAME).help("Time from taking in a batch of packets to its end");
        for (WorkerView worker : workers.get()) {
            snapshot.dataPoint(HistogramSnapshot.HistogramDataPointSnapshot.builder()
                    .labels(Labels.of("thread", worker.name()))
                    .classicHistogramBuckets(buckets(worker.batchesByMicros()))
                    .sum(worker.busySeconds())
                    .build());
        }
        return snapshot.build();
    }

    private static ClassicHistogramBuckets buckets(List<Long> counts) {
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        for (int element = 0; element < counts.size() - 1; element++) {
            buckets.bucket((2L << element) * MICROSECOND, counts.get(element));
        }
        buckets.bucket(Double.POSITIVE_INFINITY, counts.isEmpty() ? 0 : counts.getLast());
        return buckets.build();
    }
}
