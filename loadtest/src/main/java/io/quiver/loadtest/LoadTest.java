package io.quiver.loadtest;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The launcher's second half: what measures and shows a server. */
@Command(
        name = "quiver",
        description = "Measures and shows a vector search server.",
        mixinStandardHelpOptions = true,
        subcommands = {BenchCommand.class, DemoCommand.class, TortureCommand.class})
public final class LoadTest {
    private LoadTest() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new LoadTest())
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println("quiver: " + failure.getMessage());
                    return command.getCommandSpec().exitCodeOnExecutionException();
                })
                .execute(arguments));
    }
}
