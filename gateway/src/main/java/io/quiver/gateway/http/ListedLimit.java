package io.quiver.gateway.http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/**
 * One limit of the server, as callers are told of it.
 *
 * @param name of its setting, where it is one
 * @param value in {@code unit}; 0 where the setting says that there is none
 * @param beyond what whoever exceeds it is answered
 * @param isSetting whether the operator can change it
 */
public record ListedLimit(String name, long value, Unit unit, String beyond, boolean isSetting, String meaning) {
    /** What a limit counts. */
    public enum Unit {
        BYTES("bytes"),
        BYTES_PER_SECOND("bytes/s"),
        COUNT("count"),
        MILLISECONDS("ms");

        private final String text;

        Unit(String text) {
            this.text = text;
        }
    }

    void write(JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("name", name);
        out.writeNumberField("value", value);
        out.writeStringField("unit", unit.text);
        out.writeStringField("beyond", beyond);
        out.writeBooleanField("setting", isSetting);
        out.writeStringField("meaning", meaning);
        out.writeEndObject();
    }
}
