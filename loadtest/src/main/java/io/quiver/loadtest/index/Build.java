package io.quiver.loadtest.index;

import io.quiver.loadtest.index.engine.Family;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one build cost.
 *
 * @param cpuSeconds of all threads, collectors and compilers among them
 * @param sizeBytes of the index without the vectors in single precision
 * @param rawBytes of the vectors in single precision
 */
record Build(
        String engine, Family family, int rows, double wallSeconds, double cpuSeconds, long sizeBytes, long rawBytes) {
    double rowsPerSecond() {
        return rows / wallSeconds;
    }

    double rowsPerCpuSecond() {
        return rows / cpuSeconds;
    }

    /** Size of the index as a multiple of the raw vectors, which are not counted in it. */
    double sizeOverRaw() {
        return (double) sizeBytes / rawBytes;
    }

    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("engine", engine);
        json.put("rows", rows);
        json.put("wall_seconds", wallSeconds);
        json.put("cpu_seconds", cpuSeconds);
        json.put("rows_per_second", rowsPerSecond());
        json.put("rows_per_cpu_second", rowsPerCpuSecond());
        json.put("size_bytes", sizeBytes);
        json.put("raw_bytes", rawBytes);
        json.put("size_over_raw", sizeOverRaw());
        return json;
    }
}
