package io.quiver.gateway.limits;

import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a server says of itself at {@code /metrics}. */
public final class MetricsPage {
    private MetricsPage() {}

    /** Value of the first metric whose name and labels begin so; 0 where there is none. */
    public static double metric(URI server, String name) {
        return value(RawHttp.send(server, "GET", "/metrics", "").body(), name);
    }

    static double value(String page, String name) {
        Matcher line = Pattern.compile("(?m)^" + Pattern.quote(name) + "[^ ]* ([0-9.E+-]+)$")
                .matcher(page);
        return line.find() ? Double.parseDouble(line.group(1)) : 0;
    }
}
