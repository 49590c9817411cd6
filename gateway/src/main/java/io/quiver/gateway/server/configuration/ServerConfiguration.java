package io.quiver.gateway.server.configuration;

import io.quiver.compactor.GraphSettings;
import io.quiver.compactor.ScrubSettings;
import io.quiver.compactor.backup.BackupSchedule;
import io.quiver.executor.HistoryWindow;
import io.quiver.executor.query.SearchEffort;
import io.quiver.gateway.admission.AdmissionSettings;
import io.quiver.gateway.admission.OperationKind;
import io.quiver.gateway.audit.AuditSettings;
import io.quiver.gateway.auth.AuthSettings;
import io.quiver.gateway.auth.JwtSettings;
import io.quiver.gateway.auth.TlsSettings;
import io.quiver.gateway.trace.SlowQuerySettings;
import io.quiver.log.catalog.DefaultQuotas;
import io.quiver.log.catalog.Quota;
import io.quiver.log.catalog.Quota.Resource;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything that an operator may decide; valid when it exists.
 *
 * @param cacheBytesMax of the hot-result cache, 0 for none
 * @param searchThreads platform threads that search
 * @param recallSampleEvery one nearest-neighbour query in so many is asked again exactly, 0 for none
 * @param tenantsNamed in metrics, 0 for none
 */
public record ServerConfiguration(
        Path dataDirectory,
        NetworkConfiguration network,
        AuthSettings auth,
        AuditSettings audit,
        @Nullable TlsSettings tls,
        boolean allowReset,
        Duration requestDeadline,
        Duration drainTimeout,
        int searchThreads,
        int recallSampleEvery,
        long cacheBytesMax,
        int tenantsNamed,
        AdmissionSettings admission,
        DefaultQuotas quotas,
        LimitConfiguration limits,
        SegmentConfiguration segments,
        BackupConfiguration backups,
        LoggingConfiguration logging) {
    private static final int PORT_MAX = 65_535;
    private static final int THREADS_MAX = 1_024;
    private static final int RECALL_SAMPLE_MAX = 1_000_000;
    private static final int TENANTS_NAMED_MAX = 1_000;
    private static final int IN_FLIGHT_MAX = 1_000_000;
    private static final Duration TIME_MIN = Duration.ofMillis(1);
    private static final Duration TIME_MAX = Duration.ofHours(1);
    private static final Duration SCRUB_EVERY_MAX = Duration.ofDays(365);
    private static final Duration BACKUP_TIME_MAX = Duration.ofDays(3650);

    public ServerConfiguration {
        if (!network.isInsecure() && !network.isLoopback() && (!auth.isEnabled() || tls == null)) {
            throw new ConfigurationException(
                    "host must be a loopback address, not '%s', or auth.enabled and tls.certificate must be set: "
                                    .formatted(network.host())
                            + "whoever reaches the server could do everything. Add --insecure if that is wanted");
        }
        if (auth.subjectsFile() != null && (tls == null || tls.clientAuthorities() == null)) {
            throw new ConfigurationException("auth.subjects-file needs tls.client-authorities");
        }
    }

    /**
     * Reads the settings; throws {@link ConfigurationException} for the first that is wrong.
     *
     * @param file {@code null} where none is given
     * @param environment variables of the process; those that begin with {@code QUIVER_} count
     * @param flags of the command line, by {@link Setting#key}
     */
    public static ServerConfiguration read(
            @Nullable Path file, Map<String, String> environment, Map<String, String> flags) {
        var reader = new SettingReader();
        if (file != null) {
            reader.addFile(file);
        }
        return of(reader.addEnvironment(environment).addFlags(flags));
    }

    private static ServerConfiguration of(SettingReader settings) {
        return new ServerConfiguration(
                settings.get(Setting.DATA_DIR).path(),
                network(settings),
                new AuthSettings(
                        settings.get(Setting.AUTH_ENABLED).isTrue(),
                        settings.get(Setting.AUTH_SUBJECTS_FILE).optionalPath(),
                        tokens(settings)),
                audit(settings),
                tls(settings),
                settings.get(Setting.ALLOW_RESET).isTrue(),
                settings.get(Setting.REQUEST_DEADLINE).duration(TIME_MIN, TIME_MAX),
                settings.get(Setting.DRAIN_TIMEOUT).duration(TIME_MIN, TIME_MAX),
                threads(settings.get(Setting.SEARCH_THREADS)),
                settings.get(Setting.SEARCH_RECALL_SAMPLE_EVERY).integer(0, RECALL_SAMPLE_MAX),
                settings.get(Setting.CACHE_BYTES_MAX).bytes(Runtime.getRuntime().maxMemory() / 2),
                settings.get(Setting.METRICS_TENANTS_MAX).integer(0, TENANTS_NAMED_MAX),
                admission(settings),
                quotas(settings),
                new LimitSettings(settings).read(),
                segments(settings),
                backups(settings),
                logging(settings));
    }

    private static NetworkConfiguration network(SettingReader settings) {
        return new NetworkConfiguration(
                settings.get(Setting.HOST).text(),
                settings.get(Setting.HTTP_PORT).integer(0, PORT_MAX),
                settings.get(Setting.FLIGHT_PORT).integer(0, PORT_MAX),
                settings.get(Setting.INSECURE).isTrue(),
                settings.get(Setting.HTTP_CORS_ALLOW_ORIGINS).origins(),
                HttpLimits.read(settings),
                threads(settings.get(Setting.HTTP_EVENT_LOOPS)));
    }

    private static @Nullable JwtSettings tokens(SettingReader settings) {
        Path file = settings.get(Setting.AUTH_JWT_KEYS_FILE).optionalPath();
        String url = settings.get(Setting.AUTH_JWT_KEYS_URL).text();
        if (file == null && url.isBlank()) {
            return null;
        }
        try {
            return new JwtSettings(
                    file,
                    url.isBlank() ? null : URI.create(url),
                    settings.get(Setting.AUTH_JWT_ISSUER).text(),
                    settings.get(Setting.AUTH_JWT_AUDIENCE).text(),
                    settings.get(Setting.AUTH_JWT_GRANTS_CLAIM).text());
        } catch (IllegalArgumentException wrong) {
            throw new ConfigurationException("auth.jwt: " + wrong.getMessage());
        }
    }

    private static AuditSettings audit(SettingReader settings) {
        Path directory = settings.get(Setting.AUDIT_DIRECTORY).optionalPath();
        String extent = settings.get(Setting.AUDIT_EXTENT)
                .choice(List.of("auto", "nothing", "catalog", "writes", "everything"));
        boolean isAsking = settings.get(Setting.AUTH_ENABLED).isTrue();
        return new AuditSettings(
                directory == null ? settings.get(Setting.DATA_DIR).path().resolve("audit") : directory,
                extent.equals("auto")
                        ? isAsking ? AuditSettings.Extent.CATALOG : AuditSettings.Extent.NOTHING
                        : AuditSettings.Extent.valueOf(extent.toUpperCase(Locale.ROOT)),
                settings.get(Setting.AUDIT_FILE_BYTES_MAX).bytes(1L << 40),
                settings.get(Setting.AUDIT_FILES_MAX).integer(2, 1_000_000));
    }

    private static @Nullable TlsSettings tls(SettingReader settings) {
        Path certificate = settings.get(Setting.TLS_CERTIFICATE).optionalPath();
        Path key = settings.get(Setting.TLS_KEY).optionalPath();
        Path authorities = settings.get(Setting.TLS_CLIENT_AUTHORITIES).optionalPath();
        boolean isRequired = settings.get(Setting.TLS_CLIENT_REQUIRED).isTrue();
        if ((certificate == null) != (key == null) || certificate == null && authorities != null) {
            throw new ConfigurationException("tls.certificate and tls.key belong together, and tls.client-* to them");
        }
        if (isRequired && authorities == null) {
            throw new ConfigurationException("tls.client-required needs tls.client-authorities");
        }
        return certificate == null || key == null ? null : new TlsSettings(certificate, key, authorities, isRequired);
    }

    private static int threads(SettingText text) {
        int count = text.integer(0, THREADS_MAX);
        return count == 0 ? Runtime.getRuntime().availableProcessors() : count;
    }

    private static AdmissionSettings admission(SettingReader settings) {
        var rates = Map.of(
                OperationKind.SEARCH,
                settings.get(Setting.ADMISSION_SEARCH_RATE).rate(settings.get(Setting.ADMISSION_SEARCH_BURST)),
                OperationKind.READ,
                settings.get(Setting.ADMISSION_READ_RATE).rate(settings.get(Setting.ADMISSION_READ_BURST)),
                OperationKind.WRITE,
                settings.get(Setting.ADMISSION_WRITE_RATE).rate(settings.get(Setting.ADMISSION_WRITE_BURST)),
                OperationKind.ADMIN,
                settings.get(Setting.ADMISSION_ADMIN_RATE).rate(settings.get(Setting.ADMISSION_ADMIN_BURST)));
        return new AdmissionSettings(
                rates,
                TenantRates.read(settings.get(Setting.ADMISSION_TENANTS_FILE).optionalPath()),
                settings.get(Setting.ADMISSION_IN_FLIGHT_MAX).integer(1, IN_FLIGHT_MAX),
                settings.get(Setting.ADMISSION_BROWN_OUT_EF).integer(0, SearchEffort.Ef.EF_MAX));
    }

    private static DefaultQuotas quotas(SettingReader settings) {
        return new DefaultQuotas(
                quota(
                        settings,
                        Map.of(
                                Resource.RECORDS,
                                Setting.QUOTA_TENANT_RECORDS,
                                Resource.BYTES,
                                Setting.QUOTA_TENANT_BYTES,
                                Resource.COLLECTIONS,
                                Setting.QUOTA_TENANT_COLLECTIONS)),
                quota(
                        settings,
                        Map.of(
                                Resource.RECORDS,
                                Setting.QUOTA_DATABASE_RECORDS,
                                Resource.BYTES,
                                Setting.QUOTA_DATABASE_BYTES,
                                Resource.COLLECTIONS,
                                Setting.QUOTA_DATABASE_COLLECTIONS)),
                quota(
                        settings,
                        Map.of(
                                Resource.RECORDS,
                                Setting.QUOTA_COLLECTION_RECORDS,
                                Resource.BYTES,
                                Setting.QUOTA_COLLECTION_BYTES,
                                Resource.DIMENSION,
                                Setting.QUOTA_COLLECTION_DIMENSION,
                                Resource.K,
                                Setting.QUOTA_COLLECTION_K)));
    }

    private static Quota quota(SettingReader settings, Map<Resource, Setting> limits) {
        Map<Resource, Long> most = new EnumMap<>(Resource.class);
        limits.forEach((resource, setting) -> {
            long limit = settings.get(setting).bytes(Long.MAX_VALUE);
            if (limit > 0) {
                most.put(resource, limit);
            }
        });
        return new Quota(most);
    }

    private static SegmentConfiguration segments(SettingReader settings) {
        long offHeapBytes = settings.get(Setting.MEMORY_OFF_HEAP_BYTES_MAX).bytes(Long.MAX_VALUE);
        return new SegmentConfiguration(
                offHeapBytes == 0 ? SegmentConfiguration.offHeapBytesOfThisMachine() : offHeapBytes,
                settings.get(Setting.MEMORY_FLIGHT_BYTES_MAX).bytes(Long.MAX_VALUE),
                settings.get(Setting.DELTA_ROWS_MAX).integer(1, SegmentConfiguration.DELTA_ROWS_MAX),
                settings.get(Setting.DELTA_BYTES_MAX).bytes(Long.MAX_VALUE),
                new HistoryWindow(
                        settings.get(Setting.HISTORY_AGE_MAX).duration(Duration.ZERO, Duration.ofHours(24)),
                        settings.get(Setting.HISTORY_BYTES_MAX).bytes(Long.MAX_VALUE)),
                settings.get(Setting.COMPACTION_AGE_MAX).duration(TIME_MIN, Duration.ofHours(24)),
                settings.get(Setting.COMPACTION_REST_BEFORE_MERGE).duration(Duration.ZERO, Duration.ofHours(24)),
                settings.get(Setting.GRAPH_ROWS_MIN).integer(SegmentConfiguration.GRAPH_ROWS_MIN, Integer.MAX_VALUE),
                buildThreads(settings.get(Setting.GRAPH_BUILD_THREADS)),
                settings.get(Setting.GRAPH_RECALL_FLOOR).share(),
                graphForm(settings.get(Setting.GRAPH_FORM)),
                settings.get(Setting.SCRUB_START_BYTES_MAX).bytes(Long.MAX_VALUE),
                new ScrubSettings(
                        settings.get(Setting.SCRUB_BYTES_PER_SECOND).bytes(Long.MAX_VALUE),
                        settings.get(Setting.SCRUB_EVERY).duration(TIME_MIN, SCRUB_EVERY_MAX)));
    }

    private static GraphSettings.Form graphForm(SettingText text) {
        return GraphSettings.Form.valueOf(
                text.choice(List.of("auto", "rows", "compact")).toUpperCase(Locale.ROOT));
    }

    /** Searches go on while a graph is built. */
    private static int buildThreads(SettingText text) {
        int count = text.integer(0, THREADS_MAX);
        return count == 0 ? Math.max(1, Runtime.getRuntime().availableProcessors() / 2) : count;
    }

    private static BackupConfiguration backups(SettingReader settings) {
        var schedule = new BackupSchedule(
                settings.get(Setting.BACKUP_INCREMENTAL_EVERY).duration(Duration.ofMinutes(1), BACKUP_TIME_MAX),
                settings.get(Setting.BACKUP_FULL_EVERY).duration(Duration.ofMinutes(1), BACKUP_TIME_MAX),
                settings.get(Setting.BACKUP_KEEP).duration(Duration.ofMinutes(1), BACKUP_TIME_MAX),
                Math.max(1, settings.get(Setting.BACKUP_LOG_BYTES_MAX).bytes(Long.MAX_VALUE)));
        return new BackupConfiguration(
                Optional.ofNullable(settings.get(Setting.BACKUP_DIRECTORY).optionalPath()), schedule);
    }

    private static LoggingConfiguration logging(SettingReader settings) {
        String level = settings.get(Setting.LOGGING_LEVEL).choice(List.of("error", "warn", "info", "debug", "trace"));
        String format = settings.get(Setting.LOGGING_FORMAT).choice(List.of("auto", "json", "text"));
        return new LoggingConfiguration(
                level,
                LoggingConfiguration.Format.valueOf(format.toUpperCase(Locale.ROOT)),
                settings.get(Setting.LOGGING_REQUESTS).isTrue(),
                new SlowQuerySettings(
                        settings.get(Setting.LOGGING_SLOW_QUERY_THRESHOLD).duration(Duration.ZERO, TIME_MAX),
                        settings.get(Setting.LOGGING_SLOW_QUERY_LINES).integer(0, 1_000_000)));
    }
}
