package io.quiver.loadtest.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Processor time and memory of a server process on this machine, as Linux counts them. */
public interface ServerUsage {
    /** Of a server that runs elsewhere: everything is NaN. */
    ServerUsage UNKNOWN = new ServerUsage() {
        @Override
        public double cpuSeconds() {
            return Double.NaN;
        }

        @Override
        public double residentMiB() {
            return Double.NaN;
        }
    };

    /** User and system time since the process began. */
    double cpuSeconds() throws IOException;

    /** The same with that of processes it had started, and that have ended. */
    default double cpuSecondsWithEnded() throws IOException {
        return cpuSeconds();
    }

    double residentMiB() throws IOException;

    static ServerUsage of(long pid) {
        Path proc = Path.of("/proc", Long.toString(pid));
        return new ServerUsage() {
            @Override
            public double cpuSeconds() throws IOException {
                return seconds(11, 12);
            }

            @Override
            public double cpuSecondsWithEnded() throws IOException {
                return cpuSeconds() + seconds(13, 14);
            }

            private double seconds(int user, int system) throws IOException {
                String stat = Files.readString(proc.resolve("stat"));
                List<String> fields =
                        List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
                double ticksPerSecond = 100;
                return (Long.parseLong(fields.get(user)) + Long.parseLong(fields.get(system))) / ticksPerSecond;
            }

            @Override
            public double residentMiB() throws IOException {
                for (String line : Files.readAllLines(proc.resolve("status"))) {
                    if (line.startsWith("VmRSS:")) {
                        return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
                    }
                }
                return Double.NaN;
            }
        };
    }
}
