package io.quiver.loadtest;

import io.quiver.loadtest.overload.OverloadRun;
import io.quiver.loadtest.overload.Questions;
import io.quiver.loadtest.server.ServerProcess;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code quiver bench overload}: goodput and latency when more comes than can be done. */
@Command(
        name = "overload",
        description = {
            "Measures how many searches a server answers to 64 connections, then offers it 0.7, 2, 5 and 10 times as many,",
            "each at its own moment. Searches are exact by default, so that the client costs little beside them."
        },
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class OverloadBench extends OfferedLoadBench {
    @Option(names = "--connections", description = "Connections that offer the load by HTTP.")
    private int connections = 512;

    @Option(
            names = "--flight",
            description = "Offer it over Flight, so many searches a call, instead of one by one by HTTP.")
    private int perCall;

    @Override
    void measure(ServerProcess server, Questions questions) throws IOException {
        OverloadRun run = new OverloadRun(server.http(), server.usage(), questions, seconds());
        if (perCall > 0) {
            run.flight(server.flight(), perCall, System.out::println);
        } else {
            run.http(connections, System.out::println);
        }
    }
}
