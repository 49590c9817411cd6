package io.quiver.gateway.server;

import io.quiver.gateway.audit.AuditCheck;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code quiver audit}: is the audit log as it was written? */
@Command(
        name = "audit",
        description = "Looks at the log of who did what.",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        synopsisSubcommandLabel = "COMMAND")
final class AuditCommand {
    private static final int SOUND = 0;
    private static final int DAMAGED = 1;

    @Spec
    CommandSpec spec;

    @Command(
            name = "verify",
            description = {
                "Checks that no line was changed, dropped or put in, and prints the hash of the newest.",
                "Keep that hash elsewhere: it shows later that the end was not cut either.",
                "Exits with 0 where the log is sound, with 1 where it is not."
            },
            mixinStandardHelpOptions = true)
    int verify(
            @Parameters(
                            paramLabel = "DIR",
                            arity = "0..1",
                            defaultValue = "./quiver-data/audit",
                            description = "The log's directory: audit in the data directory (${DEFAULT-VALUE}).")
                    Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new StartException("there is no directory " + directory, new IOException());
        }
        try {
            return print(AuditCheck.of(directory));
        } catch (IOException failure) {
            throw new StartException("cannot read %s: %s".formatted(directory, failure), failure);
        }
    }

    private int print(AuditCheck check) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf("lines      %,18d%n", check.lines());
        out.printf("newest     %,18d%n", check.lastSequence());
        out.printf("its hash   %s%n", check.lastHash());
        if (!check.isSound()) {
            out.println("DAMAGED    " + check.problem());
        }
        out.println(check.isSound() ? "sound" : "damaged");
        return check.isSound() ? SOUND : DAMAGED;
    }
}
