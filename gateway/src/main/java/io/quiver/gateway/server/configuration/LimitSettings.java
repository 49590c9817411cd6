package io.quiver.gateway.server.configuration;

import io.quiver.executor.query.QueryLimits;
import io.quiver.flight.FlightLimits;
import io.quiver.gateway.http.RequestLimits;
import io.quiver.gateway.stream.StreamSettings;
import io.quiver.log.RecordLimits;
import io.quiver.log.catalog.CatalogLimits;
import io.quiver.log.record.JsonLimits;
import java.time.Duration;

/** Reads the limits on what callers do. */
final class LimitSettings {
    private static final int MANY = 1 << 20;
    private static final int COUNT_MAX = 1_000_000_000;
    private static final Duration TIME_MIN = Duration.ofMillis(1);
    private static final Duration TIME_MAX = Duration.ofHours(1);

    private final SettingReader settings;

    LimitSettings(SettingReader settings) {
        this.settings = settings;
    }

    LimitConfiguration read() {
        return new LimitConfiguration(requests(), records(), catalog(), streams(), flight());
    }

    private RequestLimits requests() {
        return new RequestLimits(
                count(Setting.HTTP_JSON_DEPTH_MAX, JsonLimits.DEPTH_MAX),
                count(Setting.REQUEST_IDS_MAX, RequestLimits.IDS_LIMIT),
                count(Setting.QUERY_EMBEDDINGS_MAX, RequestLimits.BATCH_LIMIT),
                count(Setting.QUERY_SEARCHES_MAX, RequestLimits.BATCH_LIMIT),
                query());
    }

    private QueryLimits query() {
        QueryLimits highest = QueryLimits.HIGHEST;
        return new QueryLimits(
                count(Setting.QUERY_K_MAX, highest.kMax()),
                count(Setting.QUERY_EF_MAX, highest.efMax()),
                count(Setting.FILTER_DEPTH_MAX, highest.filterDepthMax()),
                count(Setting.FILTER_TERMS_MAX, highest.filterTermsMax()),
                count(Setting.FILTER_IN_VALUES_MAX, highest.inValuesMax()),
                bytes(Setting.FILTER_REGEX_BYTES_MAX, highest.regexBytesMax()));
    }

    private RecordLimits records() {
        return new RecordLimits(
                count(Setting.RECORD_DIMENSION_MAX, MANY),
                bytes(Setting.RECORD_ID_BYTES_MAX, MANY),
                bytes(Setting.RECORD_DOCUMENT_BYTES_MAX, 1 << 28),
                bytes(Setting.RECORD_URI_BYTES_MAX, MANY),
                count(Setting.RECORD_METADATA_KEYS_MAX, MANY),
                bytes(Setting.RECORD_METADATA_BYTES_MAX, 1 << 28),
                count(Setting.RECORD_BATCH_MAX, MANY),
                positive(Setting.RECORD_IN_FLIGHT_BYTES_MAX, 1L << 40));
    }

    private CatalogLimits catalog() {
        return new CatalogLimits(
                count(Setting.CATALOG_TENANTS_MAX, COUNT_MAX),
                count(Setting.CATALOG_DATABASES_MAX, COUNT_MAX),
                count(Setting.CATALOG_COLLECTIONS_MAX, COUNT_MAX));
    }

    private StreamSettings streams() {
        return new StreamSettings(
                count(Setting.STREAM_CONNECTIONS_MAX, COUNT_MAX),
                bytes(Setting.STREAM_MESSAGE_BYTES_MAX, 1 << 28),
                count(Setting.STREAM_IN_FLIGHT_MAX, MANY),
                count(Setting.STREAM_RUNNING_MAX, MANY),
                bytes(Setting.STREAM_BUFFERED_BYTES_MAX, 1 << 28),
                count(Setting.STREAM_CREDIT_INITIAL, MANY),
                time(Setting.REQUEST_DEADLINE),
                time(Setting.STREAM_IDLE_MAX),
                time(Setting.STREAM_SLOW_MAX));
    }

    private FlightLimits flight() {
        return new FlightLimits(
                bytes(Setting.FLIGHT_MESSAGE_BYTES_MAX, FlightLimits.MESSAGE_BYTES_MAX),
                bytes(Setting.FLIGHT_HEADER_BYTES_MAX, 1 << 20),
                count(Setting.FLIGHT_CALLS_MAX, MANY),
                time(Setting.FLIGHT_CALL_MAX),
                time(Setting.FLIGHT_STALL_MAX),
                time(Setting.FLIGHT_IDLE_MAX),
                count(Setting.FLIGHT_CONNECTIONS_MAX, MANY),
                count(Setting.FLIGHT_CONNECTIONS_PER_ADDRESS_MAX, MANY),
                count(Setting.FLIGHT_RESETS_MAX, MANY),
                time(Setting.FLIGHT_RESETS_WINDOW));
    }

    private int count(Setting setting, int most) {
        return settings.get(setting).integer(1, most);
    }

    private int bytes(Setting setting, int most) {
        return (int) positive(setting, most);
    }

    private long positive(Setting setting, long most) {
        SettingText text = settings.get(setting);
        long bytes = text.bytes(most);
        if (bytes == 0) {
            throw text.wrong("at least one byte");
        }
        return bytes;
    }

    private Duration time(Setting setting) {
        return settings.get(setting).duration(TIME_MIN, TIME_MAX);
    }
}
