package io.quiver.loadtest;

import picocli.CommandLine.Command;

/** {@code quiver bench}: each benchmark is a command of its own. */
@Command(
        name = "bench",
        description = "Measures a server: speed beside recall, processor time, memory; or its parts.",
        mixinStandardHelpOptions = true,
        subcommands = {ServerBench.class, ScanBench.class, KillBench.class, StartBench.class})
final class BenchCommand {}
