package io.quiver.gateway.server;

import io.quiver.gateway.server.configuration.ConfigurationException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of the server. {@code bench} and {@code demo} have their own program, which the launcher knows. */
@Command(
        name = "quiver",
        description = "A vector search server.",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
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

    private static final String SERVE = "serve";

    private static final Map<String, Class<?>> COMMANDS = new LinkedHashMap<>();

    static {
        COMMANDS.put(SERVE, ServeCommand.class);
        COMMANDS.put("check", CheckCommand.class);
        COMMANDS.put("init", InitCommand.class);
        COMMANDS.put("keys", KeysCommand.class);
        COMMANDS.put("audit", AuditCommand.class);
        COMMANDS.put("backup", BackupCommand.class);
        COMMANDS.put("backups", BackupsCommand.class);
        COMMANDS.put("restore", RestoreCommand.class);
        COMMANDS.put("drill", DrillCommand.class);
        COMMANDS.put("repair", RepairCommand.class);
    }

    private Main() {}

    public static void main(String[] arguments) {
        if (arguments.length > 0 && arguments[0].equals(SERVE)) {
            KernelStart.begin();
        }
        System.exit(commandLine(arguments).execute(arguments));
    }

    /** Knows all commands, or the one that is named first alone: reading what they all are takes a tenth of a start. */
    static CommandLine commandLine(String... arguments) {
        var commandLine = new CommandLine(new Main());
        Class<?> named = arguments.length == 0 ? null : COMMANDS.get(arguments[0]);
        (named == null ? COMMANDS.values() : List.of(named)).forEach(commandLine::addSubcommand);
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
