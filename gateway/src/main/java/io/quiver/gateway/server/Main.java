package io.quiver.gateway.server;

import io.quiver.gateway.server.configuration.ConfigurationException;
import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of the server. {@code bench} and {@code demo} have their own program, which the launcher knows. */
@Command(
        name = "quiver",
        description = "A vector search server.",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        subcommands = {
            ServeCommand.class,
            CheckCommand.class,
            InitCommand.class,
            KeysCommand.class,
            AuditCommand.class,
            BackupCommand.class,
            BackupsCommand.class,
            RestoreCommand.class,
            DrillCommand.class,
            RepairCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "  bench  Measures a server: throughput, latency, recall.",
            "  demo   Starts a server, loads, searches, kills, restarts, and shows what it saw.",
            "  torture  Kills a server and cuts its power, again and again, and looks what is lost.",
            "",
            "quiver COMMAND --help tells more."
        })
public final class Main {
    /** What went wrong was the caller's words: a flag, a setting. */
    static final int EXIT_USAGE = 2;

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        var commandLine = new CommandLine(new Main());
        commandLine.setExecutionExceptionHandler(Main::refuse);
        return commandLine;
    }

    private static int refuse(Exception failure, CommandLine command, CommandLine.ParseResult parsed) throws Exception {
        if (failure instanceof ConfigurationException || failure instanceof StartException) {
            command.getErr().println("quiver: " + oneLine(failure));
            return failure instanceof ConfigurationException
                    ? EXIT_USAGE
                    : command.getCommandSpec().exitCodeOnExecutionException();
        }
        throw failure;
    }

    private static String oneLine(Exception failure) {
        return Arrays.stream(String.valueOf(failure.getMessage()).split("\\R")).collect(Collectors.joining(" "));
    }
}
