package io.quiver.gateway.stream;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quiver.executor.watch.Neighbour;
import io.quiver.executor.watch.WatchEvent;
import io.quiver.executor.watch.WatchEvent.Entered;
import io.quiver.executor.watch.WatchEvent.Left;
import io.quiver.gateway.http.StreamAnswer;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** How events of standing queries are written. */
final class StreamEvents {
    private StreamEvents() {}

    static String text(String id, WatchEvent event) {
        return StreamAnswer.message(type(event), id, out -> {
            out.writeNumberField("offset", event.offset().value());
            switch (event) {
                case WatchEvent.Current current -> writeNearest(out, current.nearest());
                case WatchEvent.Reset reset -> writeNearest(out, reset.nearest());
                case WatchEvent.Resumed _ -> {}
                case WatchEvent.Changed changed -> writeChange(out, changed.entered(), changed.left());
            }
        });
    }

    private static String type(WatchEvent event) {
        return switch (event) {
            case WatchEvent.Current _ -> "current";
            case WatchEvent.Reset _ -> "reset";
            case WatchEvent.Resumed _ -> "resumed";
            case WatchEvent.Changed _ -> "change";
        };
    }

    private static void writeNearest(JsonGenerator out, List<Neighbour> nearest) throws IOException {
        out.writeArrayFieldStart("ids");
        for (Neighbour neighbour : nearest) {
            out.writeString(neighbour.id());
        }
        out.writeEndArray();
        out.writeArrayFieldStart("distances");
        for (Neighbour neighbour : nearest) {
            out.writeNumber(neighbour.distance());
        }
        out.writeEndArray();
    }

    private static void writeChange(JsonGenerator out, List<Entered> entered, List<Left> left) throws IOException {
        out.writeArrayFieldStart("entered");
        for (Entered record : entered) {
            out.writeStartObject();
            out.writeStringField("id", record.id());
            out.writeNumberField("distance", record.distance());
            writeReason(out, record.reason());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeArrayFieldStart("left");
        for (Left record : left) {
            out.writeStartObject();
            out.writeStringField("id", record.id());
            writeReason(out, record.reason());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static void writeReason(JsonGenerator out, WatchEvent.Reason reason) throws IOException {
        out.writeStringField("reason", reason.name().toLowerCase(Locale.ROOT));
    }
}
