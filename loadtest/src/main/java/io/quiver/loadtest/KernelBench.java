package io.quiver.loadtest;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code quiver bench kernels}: the inner loops by themselves, in nanoseconds an operation. */
@Command(
        name = "kernels",
        description = "Measures the inner loops with JMH, in a virtual machine of their own.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class KernelBench implements Callable<Integer> {
    @Option(names = "--only", description = "Regular expression that names of benchmarks must match.")
    private String only = "io.quiver.loadtest.kernel";

    @Option(
            names = "--kernels",
            split = ",",
            description = "Which kernels to measure: best, vector-512, vector-256, scalar.")
    private List<String> kernels = List.of("best");

    @Option(names = "--iterations", description = "Of a second each.")
    private int iterations = 3;

    @Option(names = "--warm-up", description = "Iterations before them, which let the compiler finish.")
    private int warmUp = 5;

    @Override
    public Integer call() throws RunnerException {
        for (String choice : kernels) {
            System.out.println("kernels: " + choice);
            new Runner(benchmark(choice).build()).run();
        }
        return 0;
    }

    private ChainedOptionsBuilder benchmark(String choice) {
        return new OptionsBuilder()
                .include(only)
                .forks(1)
                .warmupIterations(warmUp)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(iterations)
                .measurementTime(TimeValue.seconds(1))
                .jvmArgs(options(), "-Dquiver.kernels=" + choice);
    }

    /** As the server runs: how kernels are compiled is a part of how fast they are. */
    private static String options() {
        return "@" + Path.of(System.getProperty("quiver.root", "."), "deploy", "jvm.options");
    }
}
