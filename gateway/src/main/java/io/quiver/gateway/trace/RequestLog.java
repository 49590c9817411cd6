package io.quiver.gateway.trace;

import io.quiver.flight.TraceContext;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A line for each request over HTTP, where that is wanted: the level of {@link #LOGGER} says whether it is. */
public final class RequestLog {
    /** What the lines are logged as. */
    public static final String LOGGER = "quiver.request";

    private static final Logger LOG = LoggerFactory.getLogger(LOGGER);

    private RequestLog() {}

    /**
     * A request has been answered, or given up.
     *
     * @param template the route's path, without what the caller put into it
     */
    public static void ended(TraceContext trace, String method, String template, int status, Duration took) {
        if (LOG.isInfoEnabled()) {
            LOG.atInfo()
                    .addKeyValue("trace_id", trace.traceId())
                    .addKeyValue("span_id", trace.spanId())
                    .addKeyValue("method", method)
                    .addKeyValue("route", template)
                    .addKeyValue("status", status)
                    .addKeyValue("took_ms", took.toNanos() / 1e6)
                    .log("request");
        }
    }
}
