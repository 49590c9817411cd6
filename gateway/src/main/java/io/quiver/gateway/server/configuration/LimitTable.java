package io.quiver.gateway.server.configuration;

import io.quiver.executor.query.QueryLimits;
import io.quiver.executor.regex.Regex;
import io.quiver.executor.watch.StandingQuery;
import io.quiver.flight.FlightLimits;
import io.quiver.gateway.connection.ConnectionLimits;
import io.quiver.gateway.http.ApiSettings;
import io.quiver.gateway.http.ListedLimit;
import io.quiver.gateway.http.ListedLimit.Unit;
import io.quiver.gateway.http.RequestLimits;
import io.quiver.gateway.stream.StreamSettings;
import io.quiver.log.RecordLimits;
import io.quiver.log.catalog.CatalogLimits;
import io.quiver.log.catalog.DefaultQuotas;
import io.quiver.log.catalog.Names;
import io.quiver.log.catalog.Quota;
import io.quiver.log.catalog.Quota.Resource;
import io.quiver.log.record.JsonLimits;
import io.quiver.log.record.SparseVector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The limits of a server as {@code GET /limits} lists them. Values are read from the very records that are enforced,
 * and names and meanings from {@link Setting}, so that the list cannot say anything else than what is done.
 */
public final class LimitTable {
    private static final String INVALID = "400 InvalidArgumentError";
    private static final String QUOTA = "422, quota exceeded";
    private static final String BUSY = "503 with Retry-After";

    private final List<ListedLimit> listed = new ArrayList<>();

    private LimitTable() {}

    public static List<ListedLimit> of(ServerConfiguration configuration) {
        var table = new LimitTable();
        table.addHttp(configuration);
        table.addConnections(configuration.network().http());
        table.addRequests(configuration.limits().requests());
        table.addQueries(configuration.limits().requests().query());
        table.addRecords(configuration.limits().records());
        table.addCatalog(configuration.limits().catalog());
        table.addQuotas(configuration.quotas());
        table.addStreams(configuration.limits().streams());
        table.addFlight(configuration.limits().flight());
        table.addFixed();
        return List.copyOf(table.listed);
    }

    private void addHttp(ServerConfiguration configuration) {
        HttpLimits http = configuration.network().http();
        add(Setting.HTTP_BODY_BYTES_MAX, http.bodyBytesMax(), Unit.BYTES, "413, before the body is read");
        add(Setting.HTTP_HEADER_BYTES_MAX, http.headerBytesMax(), Unit.BYTES, "431");
        add(Setting.HTTP_HEADERS_MAX, http.headersMax(), Unit.COUNT, "431");
        add(Setting.HTTP_URI_BYTES_MAX, http.uriBytesMax(), Unit.BYTES, "414");
        add(Setting.HTTP_BODY_RATE_MIN, http.bodyBytesPerSecondMin(), Unit.BYTES_PER_SECOND, "408");
        add(Setting.HTTP_BODY_WINDOW, http.bodyWindow(), "408");
        add(Setting.HTTP_STALL_MAX, http.stallMax(), "the connection is closed");
        add(Setting.REQUEST_DEADLINE, configuration.requestDeadline(), "504, or a partial answer where that was asked");
        add(Setting.ADMISSION_IN_FLIGHT_MAX, configuration.admission().inFlightMax(), Unit.COUNT, BUSY);
    }

    private void addConnections(HttpLimits http) {
        ConnectionLimits limits = http.connections();
        String closed = "the connection is closed";
        add(Setting.HTTP_CONNECTIONS_MAX, limits.connectionsMax(), Unit.COUNT, BUSY);
        add(Setting.HTTP_CONNECTIONS_PER_ADDRESS_MAX, limits.perAddressMax(), Unit.COUNT, BUSY);
        add(Setting.HTTP_HEADER_TIMEOUT, limits.headMax(), "408");
        add(Setting.HTTP_IDLE_TIMEOUT, limits.idleMax(), closed);
        add(Setting.HTTP_KEEP_ALIVE, limits.keptMax(), closed);
        add(Setting.HTTP2_STREAMS_MAX, http.streamsMax(), Unit.COUNT, "REFUSED_STREAM");
        add(Setting.HTTP2_RESETS_MAX, http.resetsMax(), Unit.COUNT, closed);
        add(Setting.HTTP2_RESETS_WINDOW, http.resetsWindow(), closed);
    }

    private void addRequests(RequestLimits limits) {
        add(Setting.HTTP_JSON_DEPTH_MAX, limits.jsonDepthMax(), Unit.COUNT, INVALID);
        add(Setting.REQUEST_IDS_MAX, limits.idsMax(), Unit.COUNT, INVALID);
        add(Setting.QUERY_EMBEDDINGS_MAX, limits.embeddingsMax(), Unit.COUNT, INVALID);
        add(Setting.QUERY_SEARCHES_MAX, limits.searchesMax(), Unit.COUNT, INVALID);
    }

    private void addQueries(QueryLimits limits) {
        add(Setting.QUERY_K_MAX, limits.kMax(), Unit.COUNT, INVALID);
        add(Setting.QUERY_EF_MAX, limits.efMax(), Unit.COUNT, INVALID);
        add(Setting.FILTER_DEPTH_MAX, limits.filterDepthMax(), Unit.COUNT, INVALID);
        add(Setting.FILTER_TERMS_MAX, limits.filterTermsMax(), Unit.COUNT, INVALID);
        add(Setting.FILTER_IN_VALUES_MAX, limits.inValuesMax(), Unit.COUNT, INVALID);
        add(Setting.FILTER_REGEX_BYTES_MAX, limits.regexBytesMax(), Unit.BYTES, INVALID);
    }

    private void addRecords(RecordLimits limits) {
        add(Setting.RECORD_DIMENSION_MAX, limits.dimensionMax(), Unit.COUNT, INVALID);
        add(Setting.RECORD_ID_BYTES_MAX, limits.idBytesMax(), Unit.BYTES, INVALID);
        add(Setting.RECORD_DOCUMENT_BYTES_MAX, limits.documentBytesMax(), Unit.BYTES, INVALID);
        add(Setting.RECORD_URI_BYTES_MAX, limits.uriBytesMax(), Unit.BYTES, INVALID);
        add(Setting.RECORD_METADATA_KEYS_MAX, limits.metadataKeysMax(), Unit.COUNT, INVALID);
        add(Setting.RECORD_METADATA_BYTES_MAX, limits.metadataBytesMax(), Unit.BYTES, INVALID);
        add(Setting.RECORD_BATCH_MAX, limits.batchRecordsMax(), Unit.COUNT, INVALID);
        add(Setting.RECORD_IN_FLIGHT_BYTES_MAX, limits.inFlightBytesMax(), Unit.BYTES, "429 with Retry-After");
    }

    private void addCatalog(CatalogLimits limits) {
        add(Setting.CATALOG_TENANTS_MAX, limits.tenants(), Unit.COUNT, QUOTA);
        add(Setting.CATALOG_DATABASES_MAX, limits.databasesPerTenant(), Unit.COUNT, QUOTA);
        add(Setting.CATALOG_COLLECTIONS_MAX, limits.collectionsPerTenant(), Unit.COUNT, QUOTA);
    }

    /** Where nobody has set others; {@code GET .../usage} tells those of one tenant, database or collection. */
    private void addQuotas(DefaultQuotas quotas) {
        quota(Setting.QUOTA_TENANT_RECORDS, quotas.tenant(), Resource.RECORDS, Unit.COUNT);
        quota(Setting.QUOTA_TENANT_BYTES, quotas.tenant(), Resource.BYTES, Unit.BYTES);
        quota(Setting.QUOTA_TENANT_COLLECTIONS, quotas.tenant(), Resource.COLLECTIONS, Unit.COUNT);
        quota(Setting.QUOTA_DATABASE_RECORDS, quotas.database(), Resource.RECORDS, Unit.COUNT);
        quota(Setting.QUOTA_DATABASE_BYTES, quotas.database(), Resource.BYTES, Unit.BYTES);
        quota(Setting.QUOTA_DATABASE_COLLECTIONS, quotas.database(), Resource.COLLECTIONS, Unit.COUNT);
        quota(Setting.QUOTA_COLLECTION_RECORDS, quotas.collection(), Resource.RECORDS, Unit.COUNT);
        quota(Setting.QUOTA_COLLECTION_BYTES, quotas.collection(), Resource.BYTES, Unit.BYTES);
        quota(Setting.QUOTA_COLLECTION_DIMENSION, quotas.collection(), Resource.DIMENSION, Unit.COUNT);
        quota(Setting.QUOTA_COLLECTION_K, quotas.collection(), Resource.K, Unit.COUNT);
    }

    private void quota(Setting setting, Quota quota, Resource resource, Unit unit) {
        Long most = quota.of(resource);
        add(setting, most == null ? 0 : most, unit, QUOTA);
    }

    private void addStreams(StreamSettings limits) {
        String later = "an error with status 429";
        String cutOff = "the WebSocket is closed";
        add(Setting.STREAM_CONNECTIONS_MAX, limits.connectionsMax(), Unit.COUNT, cutOff + " with code 1013");
        add(Setting.STREAM_MESSAGE_BYTES_MAX, limits.messageBytesMax(), Unit.BYTES, cutOff + " with code 1009");
        add(Setting.STREAM_IN_FLIGHT_MAX, limits.inFlightMax(), Unit.COUNT, later);
        add(Setting.STREAM_RUNNING_MAX, limits.runningMax(), Unit.COUNT, "the question waits");
        add(Setting.STREAM_BUFFERED_BYTES_MAX, limits.bufferedBytesMax(), Unit.BYTES, later);
        add(Setting.STREAM_CREDIT_INITIAL, limits.creditInitial(), Unit.COUNT, "the answer waits");
        add(Setting.STREAM_IDLE_MAX, limits.idleMax(), cutOff);
        add(Setting.STREAM_SLOW_MAX, limits.slowMax(), cutOff);
    }

    private void addFlight(FlightLimits limits) {
        add(Setting.FLIGHT_MESSAGE_BYTES_MAX, limits.messageBytesMax(), Unit.BYTES, "RESOURCE_EXHAUSTED");
        add(Setting.FLIGHT_HEADER_BYTES_MAX, limits.headerBytesMax(), Unit.BYTES, "the call fails");
        add(Setting.FLIGHT_CALLS_MAX, limits.callsMax(), Unit.COUNT, "UNAVAILABLE");
        add(Setting.FLIGHT_CALL_MAX, limits.callMax(), "DEADLINE_EXCEEDED, or a partial answer");
        add(Setting.FLIGHT_STALL_MAX, limits.stallMax(), "RESOURCE_EXHAUSTED");
        String closed = "the connection is closed";
        add(Setting.FLIGHT_IDLE_MAX, limits.idleMax(), closed);
        add(Setting.FLIGHT_CONNECTIONS_MAX, limits.connectionsMax(), Unit.COUNT, "UNAVAILABLE");
        add(Setting.FLIGHT_CONNECTIONS_PER_ADDRESS_MAX, limits.connectionsPerAddressMax(), Unit.COUNT, "UNAVAILABLE");
        add(Setting.FLIGHT_RESETS_MAX, limits.resetsMax(), Unit.COUNT, closed);
        add(Setting.FLIGHT_RESETS_WINDOW, limits.resetsWindow(), closed);
    }

    /** What formats and algorithms are made for, and no setting changes. */
    private void addFixed() {
        fixed(
                "timeout-max",
                ApiSettings.TIMEOUT_MAX.toMillis(),
                Unit.MILLISECONDS,
                "Longest time-out of a caller's own");
        fixed("json.number-length-max", JsonLimits.NUMBER_LENGTH_MAX, Unit.COUNT, "Characters of a number");
        fixed("json.text-length-max", JsonLimits.TEXT_LENGTH_MAX, Unit.COUNT, "Characters of a text");
        fixed("filter.regex-steps-max", Regex.INSTRUCTIONS_MAX, Unit.COUNT, "Steps of an unfolded regular expression");
        fixed("filter.regex-nesting-max", Regex.NESTING_MAX, Unit.COUNT, "Parentheses within each other");
        fixed("record.sparse-terms-max", SparseVector.TERMS_MAX, Unit.COUNT, "Terms of a sparse vector");
        fixed("collection.name-length-max", Names.LENGTH_MAX, Unit.COUNT, "Characters of a collection's name");
        fixed("collection.metadata-keys-max", Names.METADATA_KEYS_MAX, Unit.COUNT, "Metadata keys of a collection");
        fixed("collection.metadata-bytes-max", Names.METADATA_BYTES_MAX, Unit.BYTES, "Metadata of a collection");
        fixed("stream.watch-k-max", StandingQuery.K_MAX, Unit.COUNT, "Records of one standing query");
        listed.add(new ListedLimit(
                "stream.introduction-bytes-max",
                StreamSettings.INTRODUCTION_BYTES_MAX,
                Unit.BYTES,
                "closed with 4401",
                false,
                "First message of a stream, which says who asks"));
    }

    private void add(Setting setting, Duration value, String beyond) {
        add(setting, value.toMillis(), Unit.MILLISECONDS, beyond);
    }

    private void add(Setting setting, long value, Unit unit, String beyond) {
        listed.add(new ListedLimit(setting.key(), value, unit, beyond, true, setting.meaning()));
    }

    private void fixed(String name, long value, Unit unit, String meaning) {
        listed.add(new ListedLimit(name, value, unit, INVALID, false, meaning));
    }
}
