package io.quiver.gateway.server.configuration;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Every setting: its name in the file, its default as one would write it there, and what it means. */
public enum Setting {
    DATA_DIR(
            "data-dir",
            "./quiver-data",
            "Directory of everything that is stored; created where missing, locked while in use"),
    HOST(
            "host",
            "127.0.0.1",
            "Address to listen on, for HTTP and Flight; other than loopback needs `auth.enabled` and `tls.certificate`, or `insecure`"),
    HTTP_PORT("http-port", "8000", "Port of HTTP; 0 takes a free one"),
    FLIGHT_PORT("flight-port", "8815", "Port of Arrow Flight; 0 takes a free one"),
    INSECURE("insecure", "false", "Listen on any address without authentication and TLS"),
    AUTH_ENABLED("auth.enabled", "false", "Ask every caller for a credential: docs/security.md"),
    AUTH_SUBJECTS_FILE("auth.subjects-file", "", "JSON file of what the subjects of callers' certificates may do"),
    AUTH_JWT_KEYS_FILE("auth.jwt.keys-file", "", "JWKS file of the keys that tokens (JWT) are signed with"),
    AUTH_JWT_KEYS_URL("auth.jwt.keys-url", "", "The same from an https URL, asked every minute"),
    AUTH_JWT_ISSUER("auth.jwt.issuer", "", "Who must have issued a token"),
    AUTH_JWT_AUDIENCE("auth.jwt.audience", "quiver", "Whom a token must be meant for"),
    AUTH_JWT_GRANTS_CLAIM("auth.jwt.grants-claim", "quiver_grants", "The claim that says what the bearer may do"),
    AUDIT_EXTENT(
            "audit.extent",
            "auto",
            "What the audit log has: nothing, catalog, writes or everything; auto: catalog with `auth.enabled`, else nothing"),
    AUDIT_DIRECTORY("audit.directory", "", "Where the audit log is; `audit` in the data directory where not set"),
    AUDIT_FILE_BYTES_MAX("audit.file-bytes-max", "64 MiB", "Size after which the audit log begins a new file"),
    AUDIT_FILES_MAX("audit.files-max", "32", "Files of the audit log that are kept"),
    TLS_CERTIFICATE(
            "tls.certificate", "", "PEM file of the server's certificate and its chain; with it all doors use TLS 1.3"),
    TLS_KEY("tls.key", "", "PEM file of the certificate's private key"),
    TLS_CLIENT_AUTHORITIES(
            "tls.client-authorities",
            "",
            "PEM file of whom to believe about callers, who are then asked for a certificate"),
    TLS_CLIENT_REQUIRED("tls.client-required", "false", "Turn away callers without a certificate"),
    ALLOW_RESET("allow-reset", "false", "Let callers delete everything by `POST /api/v2/reset`"),
    REQUEST_DEADLINE("request-deadline", "30 s", "How long a request may take unless it says less itself"),
    DRAIN_TIMEOUT("drain-timeout", "7 s", "How long requests in flight may take to finish after SIGTERM"),
    HTTP_CORS_ALLOW_ORIGINS(
            "http.cors-allow-origins",
            "",
            "Origins whose web pages may use the server, as in `https://app.example.org`, with commas between; `*` for every one"),
    HTTP_BODY_BYTES_MAX("http.body-bytes-max", "40 MiB", "Largest body of an HTTP request"),
    HTTP_IDLE_TIMEOUT(
            "http.idle-timeout", "30 s", "When an HTTP connection is closed whose first request does not come"),
    HTTP_KEEP_ALIVE(
            "http.keep-alive",
            "75 s",
            "When an HTTP connection is closed after its last request; clients keep theirs for up to a minute"),
    HTTP_STALL_MAX("http.stall-max", "10 s", "A caller that takes nothing of its answer for so long is cut off"),
    HTTP_CONNECTIONS_MAX(
            "http.connections-max", "24000", "HTTP connections open at once; more are turned away with 503"),
    HTTP_CONNECTIONS_PER_ADDRESS_MAX(
            "http.connections-per-address-max",
            "12000",
            "Of these the ones from one address, or one IPv6 network of 64 bits"),
    HTTP_HEADER_TIMEOUT(
            "http.header-timeout", "10 s", "How long the head of a request may take from its first byte on; then 408"),
    HTTP_BODY_RATE_MIN(
            "http.body-rate-min",
            "1 KiB",
            "Bytes a second that a body must come with; fewer are answered with 408; 0 for any"),
    HTTP_BODY_WINDOW("http.body-window", "5 s", "Time over which the rate of a body is measured"),
    HTTP2_STREAMS_MAX("http2.streams-max", "100", "Requests under way at once on one HTTP/2 connection"),
    HTTP2_RESETS_MAX(
            "http2.resets-max",
            "200",
            "Requests that one HTTP/2 connection may take back in `http2.resets-window`; then it is closed"),
    HTTP2_RESETS_WINDOW("http2.resets-window", "30 s", "Time over which requests that are taken back are counted"),
    HTTP_HEADER_BYTES_MAX(
            "http.header-bytes-max", "16 KiB", "Largest head of an HTTP request; more is answered with 431"),
    HTTP_HEADERS_MAX("http.headers-max", "100", "Header lines of an HTTP request; more are answered with 431"),
    HTTP_URI_BYTES_MAX(
            "http.uri-bytes-max", "8 KiB", "Largest first line of an HTTP request; more is answered with 414"),
    HTTP_JSON_DEPTH_MAX("http.json-depth-max", "64", "Arrays and objects within each other in a body, 64 at most"),
    REQUEST_IDS_MAX("request.ids-max", "10000", "Ids, and so records, of one request over HTTP"),
    QUERY_EMBEDDINGS_MAX("query.embeddings-max", "1024", "Embeddings of one query over HTTP"),
    QUERY_SEARCHES_MAX("query.searches-max", "128", "Searches of one request"),
    QUERY_K_MAX("query.k-max", "16384", "Hits of one query, on every door, 16384 at most"),
    QUERY_EF_MAX("query.ef-max", "4096", "Beam width that a query may ask for, on every door, 16384 at most"),
    FILTER_DEPTH_MAX("filter.depth-max", "32", "Filters within filters, on every door, 32 at most"),
    FILTER_TERMS_MAX(
            "filter.terms-max", "1024", "Conditions and connectives of one filter, on every door, 1024 at most"),
    FILTER_IN_VALUES_MAX(
            "filter.in-values-max", "10000", "Values of one `$in` or `$nin`, on every door, 10000 at most"),
    FILTER_REGEX_BYTES_MAX(
            "filter.regex-bytes-max", "1 KiB", "Largest regular expression, on every door, 1 KiB at most"),
    RECORD_DIMENSION_MAX("record.dimension-max", "16384", "Floats of an embedding"),
    RECORD_ID_BYTES_MAX("record.id-bytes-max", "1 KiB", "Largest id, in UTF-8"),
    RECORD_DOCUMENT_BYTES_MAX("record.document-bytes-max", "1 MiB", "Largest document, in UTF-8"),
    RECORD_URI_BYTES_MAX("record.uri-bytes-max", "8 KiB", "Largest URI of a record, in UTF-8"),
    RECORD_METADATA_KEYS_MAX("record.metadata-keys-max", "1024", "Metadata keys that one operation sets or removes"),
    RECORD_METADATA_BYTES_MAX(
            "record.metadata-bytes-max", "64 KiB", "Metadata keys and values that one operation sets, together"),
    RECORD_BATCH_MAX("record.batch-max", "100000", "Operations of one write, on every door"),
    RECORD_IN_FLIGHT_BYTES_MAX(
            "record.in-flight-bytes-max",
            "256 MiB",
            "All writes together that are not yet applied; more are refused for a while"),
    CATALOG_TENANTS_MAX("catalog.tenants-max", "1000000", "Tenants of the server"),
    CATALOG_DATABASES_MAX("catalog.databases-per-tenant-max", "100000", "Databases of one tenant"),
    CATALOG_COLLECTIONS_MAX(
            "catalog.collections-per-tenant-max", "1000000", "Collections of one tenant, over all its databases"),
    STREAM_CONNECTIONS_MAX("stream.connections-max", "10000", "WebSockets open at once"),
    STREAM_MESSAGE_BYTES_MAX("stream.message-bytes-max", "1 MiB", "Largest message over a WebSocket"),
    STREAM_IN_FLIGHT_MAX("stream.in-flight-max", "256", "Questions of one WebSocket without an answer yet"),
    STREAM_RUNNING_MAX("stream.running-max", "64", "Of these the ones that are worked on"),
    STREAM_BUFFERED_BYTES_MAX(
            "stream.buffered-bytes-max", "4 MiB", "Answers of one WebSocket that wait for their caller"),
    STREAM_CREDIT_INITIAL(
            "stream.credit-initial", "1024", "Answers that a caller of a WebSocket may get before it grants more"),
    STREAM_IDLE_MAX("stream.idle-max", "60 s", "When a WebSocket is cut off whose caller does not even answer pings"),
    STREAM_SLOW_MAX(
            "stream.slow-max", "10 s", "When a WebSocket is cut off whose caller takes nothing of what is sent"),
    FLIGHT_MESSAGE_BYTES_MAX("flight.message-bytes-max", "64 MiB", "Largest message over Flight, 64 MiB at most"),
    FLIGHT_HEADER_BYTES_MAX("flight.header-bytes-max", "16 KiB", "Largest metadata of a Flight call"),
    FLIGHT_CALLS_MAX("flight.calls-max", "1024", "Flight calls open at once"),
    FLIGHT_CALL_MAX(
            "flight.call-max",
            "60 s",
            "How long one batch of queries, or one page of records, may take over Flight, and how long a batch of records may be put off"),
    FLIGHT_STALL_MAX(
            "flight.stall-max", "60 s", "A caller that takes nothing of its Flight stream for so long is cut off"),
    FLIGHT_IDLE_MAX("flight.idle-max", "5 min", "When a Flight connection without calls is closed"),
    FLIGHT_CONNECTIONS_MAX("flight.connections-max", "2048", "Flight connections open at once; more are closed"),
    FLIGHT_CONNECTIONS_PER_ADDRESS_MAX(
            "flight.connections-per-address-max", "512", "Of these from one address, or from one network of IPv6"),
    FLIGHT_RESETS_MAX(
            "flight.resets-max",
            "1000",
            "Calls that one Flight connection may take back in `flight.resets-window`; then it is closed"),
    FLIGHT_RESETS_WINDOW("flight.resets-window", "30 s", "Time over which calls that are taken back are counted"),
    HTTP_EVENT_LOOPS("http.event-loops", "0", "Threads that read and write HTTP; 0 for one a core"),
    SEARCH_THREADS("search.threads", "0", "Threads that search; 0 for one a core"),
    SEARCH_RECALL_SAMPLE_EVERY(
            "search.recall-sample-every",
            "16",
            "One nearest-neighbour query in so many, or fewer, is asked again exactly, to know the recall; 0 for none"),
    CACHE_BYTES_MAX("cache.bytes-max", "32 MiB", "Memory of the hot-result cache; 0 for none"),
    METRICS_TENANTS_MAX(
            "metrics.tenants-max", "10", "Tenants that `/metrics` names: those with most work; 0 for none of them"),
    ADMISSION_IN_FLIGHT_MAX(
            "admission.in-flight-max", "1024", "HTTP requests under way at once; more are refused with 503"),
    ADMISSION_SEARCH_RATE(
            "admission.search.units-per-second",
            "0",
            "Microseconds of one core that searches of a tenant may take a second; 0 for no limit"),
    ADMISSION_SEARCH_BURST("admission.search.burst", "0", "Units at once; 0 for what flows in within ten seconds"),
    ADMISSION_READ_RATE("admission.read.units-per-second", "0", "Records read a second and tenant; 0 for no limit"),
    ADMISSION_READ_BURST("admission.read.burst", "0", "Units at once; 0 for what flows in within ten seconds"),
    ADMISSION_WRITE_RATE("admission.write.units-per-second", "0", "Bytes written a second and tenant; 0 for no limit"),
    ADMISSION_WRITE_BURST("admission.write.burst", "0", "Units at once; 0 for what flows in within ten seconds"),
    ADMISSION_ADMIN_RATE(
            "admission.admin.units-per-second", "0", "Requests about tenants, databases, collections; 0 for no limit"),
    ADMISSION_ADMIN_BURST("admission.admin.burst", "0", "Units at once; 0 for what flows in within ten seconds"),
    ADMISSION_BROWN_OUT_EF(
            "admission.brown-out-ef",
            "0",
            "While more is asked than can be done, searches get no wider `ef` than this, and are told; 0 for never"),
    ADMISSION_TENANTS_FILE(
            "admission.tenants-file", "", "JSON file of what holds for single tenants in place of the rates above"),
    QUOTA_TENANT_RECORDS(
            "quota.tenant.records-max", "0", "Records of a tenant where nothing else is set; 0 for no limit"),
    QUOTA_TENANT_BYTES(
            "quota.tenant.bytes-max", "0", "Bytes that a tenant stores where nothing else is set; 0 for no limit"),
    QUOTA_TENANT_COLLECTIONS(
            "quota.tenant.collections-max", "0", "Collections of a tenant where nothing else is set; 0 for no limit"),
    QUOTA_DATABASE_RECORDS(
            "quota.database.records-max", "0", "Records of a database where nothing else is set; 0 for no limit"),
    QUOTA_DATABASE_BYTES(
            "quota.database.bytes-max", "0", "Bytes that a database stores where nothing else is set; 0 for no limit"),
    QUOTA_DATABASE_COLLECTIONS(
            "quota.database.collections-max",
            "0",
            "Collections of a database where nothing else is set; 0 for no limit"),
    QUOTA_COLLECTION_RECORDS(
            "quota.collection.records-max", "0", "Records of a collection where nothing else is set; 0 for no limit"),
    QUOTA_COLLECTION_BYTES(
            "quota.collection.bytes-max",
            "0",
            "Bytes that a collection stores where nothing else is set; 0 for no limit"),
    QUOTA_COLLECTION_DIMENSION(
            "quota.collection.dimension-max",
            "0",
            "Dimension of a collection where nothing else is set; 0 for no limit"),
    QUOTA_COLLECTION_K(
            "quota.collection.k-max",
            "0",
            "Nearest neighbours that a query may ask for where nothing else is set; 0 for no limit"),
    MEMORY_OFF_HEAP_BYTES_MAX(
            "memory.off-heap-bytes-max",
            "0",
            "Memory of segments, mapped files included; 0 for two thirds of the machine's"),
    MEMORY_FLIGHT_BYTES_MAX("memory.flight-bytes-max", "512 MiB", "Memory of what is on its way over Flight"),
    DELTA_ROWS_MAX("delta.rows-max", "65536", "Rows after which a delta segment is sealed and compacted"),
    DELTA_BYTES_MAX("delta.bytes-max", "256 MiB", "Bytes after which a delta segment is sealed and compacted"),
    HISTORY_AGE_MAX(
            "history.age-max",
            "5 min",
            "How far back earlier states can be read after compaction; `0 s` for not at all"),
    HISTORY_BYTES_MAX(
            "history.bytes-max", "256 MiB", "Bytes of segments that are kept for earlier states alone; 0 for none"),
    COMPACTION_AGE_MAX("compaction.age-max", "1 min", "How long an operation may wait to be compacted"),
    COMPACTION_REST_BEFORE_MERGE(
            "compaction.rest-before-merge",
            "10 s",
            "Time without writes before segments are merged to as few as possible, longer where the largest outweighs the others; `0 s` for never"),
    GRAPH_ROWS_MIN(
            "graph.rows-min",
            "20000",
            "Rows of 128 dimensions from which on a compacted segment gets a graph, fewer of longer ones; smaller segments are"
                    + " scanned"),
    GRAPH_BUILD_THREADS("graph.build-threads", "0", "Threads that build a graph; 0 for half the cores"),
    GRAPH_RECALL_FLOOR(
            "graph.recall-floor",
            "0.97",
            "Recall@10 that a graph must prove, 0 to 1; without it the segment is scanned"),
    GRAPH_FORM(
            "graph.form",
            "auto",
            "rows: fastest, larger than the vectors; compact: a quarter of them; auto: rows where memory allows"),
    SCRUB_START_BYTES_MAX(
            "scrub.start-bytes-max",
            "4 GiB",
            "Bytes of segments that a start compares with their checksums; 0 for none"),
    SCRUB_BYTES_PER_SECOND(
            "scrub.bytes-per-second",
            "16 MiB",
            "How fast catalog, log and segments are read again to compare checksums; 0 for never"),
    SCRUB_EVERY("scrub.every", "24 h", "Time between two readings of catalog, log and all segments"),
    BACKUP_DIRECTORY(
            "backup.directory", "", "Directory of backups, best on another disk; without one no backups are made"),
    BACKUP_INCREMENTAL_EVERY("backup.incremental-every", "1 h", "How old the newest backup may become"),
    BACKUP_FULL_EVERY(
            "backup.full-every", "24 h", "How old the newest backup may become that read all that was there already"),
    BACKUP_KEEP("backup.keep", "168 h", "How far back every point in time can be restored"),
    BACKUP_LOG_BYTES_MAX(
            "backup.log-bytes-max",
            "1 GiB",
            "Log kept until it is backed up; at half of it a backup comes early, beyond it the log is dropped"),
    LOGGING_LEVEL("logging.level", "info", "Least level that is logged: error, warn, info, debug or trace"),
    LOGGING_FORMAT("logging.format", "auto", "json, text, or auto: text on a terminal, else json"),
    LOGGING_REQUESTS("logging.requests", "false", "Log a line for each request over HTTP"),
    LOGGING_SLOW_QUERY_THRESHOLD(
            "logging.slow-query.threshold", "1 s", "Log a line for each query that takes at least so long"),
    LOGGING_SLOW_QUERY_LINES(
            "logging.slow-query.lines-per-minute", "60", "No more lines for slow queries than these; 0 for none");

    static final String ENVIRONMENT_PREFIX = "QUIVER_";

    private static final Map<String, Setting> BY_KEY = index();

    private final String key;
    private final String fallback;
    private final String meaning;

    Setting(String key, String fallback, String meaning) {
        this.key = key;
        this.fallback = fallback;
        this.meaning = meaning;
    }

    private static Map<String, Setting> index() {
        Map<String, Setting> byKey = new TreeMap<>();
        for (Setting setting : values()) {
            byKey.put(setting.key, setting);
        }
        return byKey;
    }

    /** All settings by name. */
    static Map<String, Setting> byKey() {
        return BY_KEY;
    }

    /** Its name in the file: words with hyphens, dots between levels. */
    public String key() {
        return key;
    }

    /** Its default. */
    public String fallback() {
        return fallback;
    }

    /** One line for people. */
    public String meaning() {
        return meaning;
    }

    /** Its name in the environment. */
    public String environmentName() {
        return ENVIRONMENT_PREFIX
                + key.toUpperCase(Locale.ROOT).replace('-', '_').replace('.', '_');
    }
}
