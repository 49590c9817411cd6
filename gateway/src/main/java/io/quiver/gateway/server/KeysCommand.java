package io.quiver.gateway.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quiver.gateway.auth.ApiKey;
import io.quiver.gateway.auth.Denial;
import io.quiver.gateway.auth.Grant;
import io.quiver.gateway.auth.KeyFile;
import io.quiver.gateway.auth.Rights;
import io.quiver.gateway.auth.Role;
import io.quiver.gateway.auth.Scope;
import io.quiver.log.record.QuiverException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code quiver keys}: the API keys of a data directory, also while a server runs on it, which notices within seconds.
 */
@Command(
        name = "keys",
        description = "Makes, shows and revokes the API keys of a data directory, also while a server runs on it.",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        synopsisSubcommandLabel = "COMMAND")
final class KeysCommand {
    /** An old key and the one that takes its place. */
    private static final int LIVE_KEYS_OF_A_NAME = 2;

    private static final int OK = 0;

    @Spec
    CommandSpec spec;

    /** Puts a new key into the file and returns it. */
    static ApiKey.Created add(
            Path directory, String name, Rights rights, @Nullable JsonNode where, @Nullable Duration expiresIn) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        try {
            ApiKey.Created created =
                    ApiKey.create(name, rights, where, now, expiresIn == null ? null : now.plus(expiresIn));
            KeyFile.in(directory).change(keys -> with(keys, created.key(), now));
            return created;
        } catch (QuiverException refusal) {
            throw new StartException(refusal.getMessage(), refusal);
        } catch (IOException failure) {
            throw failed(directory, failure);
        }
    }

    private static List<ApiKey> with(List<ApiKey> keys, ApiKey key, Instant now) {
        long live = keys.stream()
                .filter(other -> other.name().equals(key.name()) && other.isLive(now))
                .count();
        if (live >= LIVE_KEYS_OF_A_NAME) {
            throw QuiverException.invalid(
                    "%s has %d live keys, which is enough to change from one to the next: revoke one first"
                            .formatted(key.name(), live));
        }
        List<ApiKey> all = new ArrayList<>(keys);
        all.add(key);
        return all;
    }

    private static StartException failed(Path directory, IOException failure) {
        return new StartException(
                "cannot change the keys of %s: %s".formatted(directory, failure.getMessage()), failure);
    }

    @Command(
            name = "create",
            description = "Makes a key and prints it, once: the server keeps a hash of it alone.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    int create(
            @Option(names = "--data-dir", paramLabel = "DIR", defaultValue = "./quiver-data") Path directory,
            @Option(names = "--name", required = true, description = "Whose key it is.") String name,
            @Option(names = "--role", required = true, description = "admin, read-write, read-only or monitor.")
                    String role,
            @Option(names = "--tenant", description = "The tenant it is for; all if absent.") @Nullable String tenant,
            @Option(names = "--database", description = "The database of the tenant.") @Nullable String database,
            @Option(names = "--collection", description = "The collection of the database, by name or id.") @Nullable String collection,
            @Option(
                            names = "--deny",
                            paramLabel = "WHAT[@PLACE]",
                            description =
                                    "What it may not do all the same, by permission or role, where: collection:delete@acme/prod.")
                    @Nullable List<String> denied,
            @Option(names = "--where", description = "JSON filter that all records seen with it meet.") @Nullable String where,
            @Option(names = "--expires-in", paramLabel = "DAYS", description = "Days after which it is refused.")
                    @Nullable Integer days) {
        ApiKey.Created created =
                add(directory, name, rights(role, tenant, database, collection, denied), json(where), days(days));
        PrintWriter out = spec.commandLine().getOut();
        out.println(created.token());
        return OK;
    }

    private static Rights rights(
            String role,
            @Nullable String tenant,
            @Nullable String database,
            @Nullable String collection,
            @Nullable List<String> denied) {
        try {
            Grant grant = new Grant(Role.of(role), new Scope(tenant, database, collection));
            List<Denial> denials =
                    denied == null ? List.of() : denied.stream().map(Denial::of).toList();
            return new Rights(List.of(grant), denials);
        } catch (QuiverException refusal) {
            throw new StartException(refusal.getMessage(), refusal);
        }
    }

    private static @Nullable JsonNode json(@Nullable String where) {
        try {
            return where == null ? null : new ObjectMapper().readTree(where);
        } catch (JsonProcessingException e) {
            throw new StartException("--where must be JSON", e);
        }
    }

    private static @Nullable Duration days(@Nullable Integer days) {
        if (days != null && days < 1) {
            throw new StartException("--expires-in must be at least 1 day", new IllegalArgumentException());
        }
        return days == null ? null : Duration.ofDays(days);
    }

    @Command(name = "list", description = "Shows the keys, without their secrets.", mixinStandardHelpOptions = true)
    int list(@Option(names = "--data-dir", paramLabel = "DIR", defaultValue = "./quiver-data") Path directory) {
        PrintWriter out = spec.commandLine().getOut();
        Instant now = Instant.now();
        try {
            for (ApiKey key : KeyFile.in(directory).read()) {
                out.println(line(key, now));
            }
        } catch (IOException failure) {
            throw new StartException(
                    "cannot read the keys of %s: %s".formatted(directory, failure.getMessage()), failure);
        }
        return OK;
    }

    private static String line(ApiKey key, Instant now) {
        String until = key.expires() == null ? "for ever" : (key.isLive(now) ? "until " : "EXPIRED ") + key.expires();
        return "%s  %-20s %s%s  created %s, %s"
                .formatted(
                        key.id(),
                        key.name(),
                        key.rights(),
                        key.where() == null ? "" : " where " + key.where(),
                        key.created(),
                        until);
    }

    @Command(
            name = "revoke",
            description = "Takes keys away; a server refuses them within two seconds.",
            mixinStandardHelpOptions = true)
    int revoke(
            @Option(names = "--data-dir", paramLabel = "DIR", defaultValue = "./quiver-data") Path directory,
            @Parameters(paramLabel = "ID", arity = "1..*", description = "As shown by list.") List<String> ids) {
        try {
            KeyFile.in(directory).change(keys -> without(keys, ids));
            return OK;
        } catch (QuiverException refusal) {
            throw new StartException(refusal.getMessage(), refusal);
        } catch (IOException failure) {
            throw failed(directory, failure);
        }
    }

    private static List<ApiKey> without(List<ApiKey> keys, List<String> ids) {
        List<String> known = keys.stream().map(ApiKey::id).toList();
        ids.stream().filter(id -> !known.contains(id)).findFirst().ifPresent(id -> {
            throw QuiverException.invalid("there is no key " + id);
        });
        return keys.stream().filter(key -> !ids.contains(key.id())).toList();
    }
}
