package io.quiver.gateway.server;

import io.quiver.gateway.auth.ApiKey;
import io.quiver.gateway.auth.Grant;
import io.quiver.gateway.auth.Rights;
import io.quiver.gateway.auth.Role;
import io.quiver.gateway.auth.Scope;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code quiver init}: a configuration that asks every caller who they are, and the first key. */
@Command(
        name = "init",
        description = {
            "Writes a configuration with authentication on, makes an admin key and prints it, once.",
            "Where a server shall be reached from elsewhere, add a certificate: docs/security.md."
        },
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        sortOptions = false)
final class InitCommand implements Callable<Integer> {
    private static final int OK = 0;

    @Option(names = "--data-dir", paramLabel = "DIR", description = "Where everything will be stored.")
    Path directory = Path.of("quiver-data");

    @Option(names = "--config", paramLabel = "FILE", description = "The configuration, which must not exist.")
    Path config = Path.of("quiver.yaml");

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() {
        write();
        ApiKey.Created admin =
                KeysCommand.add(directory, "admin", Rights.of(new Grant(Role.ADMIN, Scope.SERVER)), null, null);
        PrintWriter err = spec.commandLine().getErr();
        err.printf("Wrote %s. Start with: ./quiver serve --config %s%n", config, config);
        err.println("The admin key follows; it is not kept anywhere else:");
        spec.commandLine().getOut().println(admin.token());
        return OK;
    }

    private void write() {
        String yaml =
                """
                # Made by `quiver init`. docs/configuration.md has every setting, docs/security.md what these mean.
                data-dir: "%s"
                auth:
                  enabled: true
                """.formatted(directory.toAbsolutePath().normalize().toString().replace("\\", "\\\\"));
        try {
            Files.writeString(config, yaml, StandardOpenOption.CREATE_NEW);
        } catch (IOException failure) {
            throw new StartException(
                    "cannot write %s, which must not exist yet: %s".formatted(config, failure), failure);
        }
    }
}
