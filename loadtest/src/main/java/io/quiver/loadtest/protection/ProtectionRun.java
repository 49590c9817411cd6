package io.quiver.loadtest.protection;

import io.quiver.loadtest.data.DataSet;
import io.quiver.loadtest.door.QueryBody;
import io.quiver.loadtest.report.Report;
import io.quiver.loadtest.run.Measurement;
import io.quiver.loadtest.server.ServerProcess;
import io.quiver.loadtest.swarm.QueryRequests;
import io.quiver.loadtest.swarm.Swarm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Single queries to two servers with the same records, in turns: one that asks nobody anything, and one that checks a
 * key and its rights, charges a tenant's bucket and compares quotas. No encryption: that is the transport's cost.
 */
public final class ProtectionRun {
    private static final int K = 10;

    /** Buckets and quotas that are looked at and never empty. */
    private static final List<String> PROTECTED = List.of(
            "--set", "auth.enabled=true",
            "--set", "admission.search.units-per-second=1000000000",
            "--set", "quota.collection.k-max=1000",
            "--set", "quota.tenant.records-max=1000000000");

    private final DataSet set;
    private final int connections;
    private final Duration duration;
    private final int turns;
    private final double load;

    /**
     * A run.
     *
     * @param duration of each measurement
     * @param turns measurements of each kind and server
     * @param load part of what the open server answers that both are asked in the open loop
     */
    public ProtectionRun(DataSet set, int connections, Duration duration, int turns, double load) {
        this.set = set;
        this.connections = connections;
        this.duration = duration;
        this.turns = turns;
        this.load = load;
    }

    /** Fills two directories in a folder, measures, and adds medians and ratios to a report. */
    public void run(Path folder, Report report) throws IOException {
        Installation plain = Installation.fill(folder.resolve("open"), set);
        Installation guarded = Installation.fill(folder.resolve("protected"), set);
        String token = "x-chroma-token: " + guarded.readKey() + "\r\n";
        try (ServerProcess open = plain.start(List.of());
                ServerProcess asking = guarded.start(PROTECTED)) {
            List<Subject> subjects =
                    List.of(subject("open", open, plain, ""), subject("protected", asking, guarded, token));
            for (Subject subject : subjects) {
                subject.swarm().closedLoop(subject.requests, subject.server.usage());
            }
            List<Measurement> most =
                    inTurns(subjects, Subject::closedLoop, Measurement::perSecond, report, "closed loop");
            double perSecond = most.getFirst().perSecond() * load;
            List<Measurement> usual = inTurns(
                    subjects,
                    subject -> subject.openLoop(perSecond),
                    Measurement::serverCpuMicros,
                    report,
                    "x " + load);
            report.fact("queries/s, protected against open", ratio(most, Measurement::perSecond));
            report.fact("server CPU a query at x " + load, ratio(usual, Measurement::serverCpuMicros));
            report.fact("p99 at x " + load, ratio(usual, one -> one.latencyMs(99)));
            open.stop();
            asking.stop();
        }
    }

    private Subject subject(String name, ServerProcess server, Installation installation, String headers) {
        QueryRequests requests = QueryRequests.eachNew(
                server.http(), installation.collection(), headers, set.queries(), new QueryBody(K));
        return new Subject(name, server, requests, connections, duration);
    }

    private record Subject(
            String name, ServerProcess server, QueryRequests requests, int connections, Duration duration) {
        Swarm swarm() {
            return new Swarm(name, server.http(), connections, duration);
        }

        Measurement closedLoop() throws IOException {
            return swarm().closedLoop(requests, server.usage());
        }

        Measurement openLoop(double perSecond) throws IOException {
            return swarm().openLoop(requests, server.usage(), perSecond);
        }
    }

    @FunctionalInterface
    private interface Loop {
        Measurement of(Subject subject) throws IOException;
    }

    /** The median of each subject's runs, by what they are compared in. */
    private List<Measurement> inTurns(
            List<Subject> subjects, Loop loop, ToDoubleFunction<Measurement> order, Report report, String name)
            throws IOException {
        List<List<Measurement>> all =
                subjects.stream().<List<Measurement>>map(_ -> new ArrayList<>()).toList();
        for (int turn = 0; turn < turns; turn++) {
            for (int i = 0; i < subjects.size(); i++) {
                all.get(i).add(loop.of(subjects.get(i)));
            }
        }
        List<Measurement> medians = all.stream()
                .map(runs -> runs.stream()
                        .sorted(Comparator.comparingDouble(order))
                        .toList()
                        .get(turns / 2))
                .toList();
        medians.forEach(one -> report.add(one.withName(one.name() + ", " + name)));
        return medians;
    }

    private static String ratio(List<Measurement> both, ToDoubleFunction<Measurement> of) {
        return "%.3f".formatted(of.applyAsDouble(both.getLast()) / of.applyAsDouble(both.getFirst()));
    }
}
