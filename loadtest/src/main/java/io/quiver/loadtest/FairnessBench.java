package io.quiver.loadtest;

import io.quiver.loadtest.overload.FairnessRun;
import io.quiver.loadtest.overload.Questions;
import io.quiver.loadtest.server.ServerProcess;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code quiver bench fairness}: what one tenant's flood does to another. */
@Command(
        name = "fairness",
        description = {
            "Measures the latency of a tenant's searches beside another one that asks for its share of what the server can do,",
            "and beside the same one when it asks for many times its share."
        },
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class FairnessBench extends OfferedLoadBench {
    @Option(names = "--connections", description = "Connections of the tenant that asks for too much.")
    private int connections = 256;

    @Option(names = "--multiple", description = "How many times its share it asks for.")
    private double multiple = 50;

    @Override
    void measure(ServerProcess server, Questions questions) throws IOException {
        new FairnessRun(server.http(), server.usage(), questions, seconds(), connections, multiple)
                .run(System.out::println);
    }
}
