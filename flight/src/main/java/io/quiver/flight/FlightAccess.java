package io.quiver.flight;

import io.quiver.log.record.QuiverException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Tells who calls a Flight service. Asked once a call, before anything of it is read, on the call's own thread. */
@FunctionalInterface
public interface FlightAccess {
    /** Lets everyone do everything. */
    FlightAccess OPEN = (_, _, _) -> FlightRights.ALL;

    /**
     * Throws {@link QuiverException} with {@code UNAUTHENTICATED} for whom it does not know.
     *
     * @param header the value of a header by its name in small letters, {@code null} where it is absent
     * @param from the address of the caller
     * @param subject of the caller's certificate, {@code null} where it showed none
     */
    FlightRights identify(Function<String, @Nullable String> header, String from, @Nullable String subject);
}
