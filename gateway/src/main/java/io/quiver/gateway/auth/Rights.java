package io.quiver.gateway.auth;

import io.quiver.log.catalog.Collection;
import io.quiver.log.record.QuiverException;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What somebody may do: what is granted, but for what is denied. A denial wins over any grant. */
public record Rights(List<Grant> grants, List<Denial> denials) {
    static final Rights NONE = of();

    public Rights {
        grants = List.copyOf(grants);
        denials = List.copyOf(denials);
        if (grants.isEmpty() && !denials.isEmpty()) {
            throw QuiverException.invalid("where nothing is granted there is nothing to deny");
        }
    }

    public static Rights of(Grant... grants) {
        return new Rights(List.of(grants), List.of());
    }

    boolean allow(Permission permission, Scope place) {
        return grants.stream().anyMatch(grant -> grant.allows(permission, place))
                && denials.stream().noneMatch(denial -> denial.denies(permission, place));
    }

    /** The same for a place of which only a part may be needed: a collection in a database, found later. */
    boolean allowWithin(Permission permission, Scope place) {
        return grants.stream().anyMatch(grant -> grant.role().has(permission) && grant.knows(place))
                && denials.stream().noneMatch(denial -> denial.deniesAllOf(permission, place));
    }

    /** The same for a collection that exists. */
    boolean allow(Permission permission, Collection collection) {
        return grants.stream()
                        .anyMatch(grant ->
                                grant.role().has(permission) && grant.scope().covers(collection))
                && denials.stream().noneMatch(denial -> denial.denies(permission, collection));
    }

    /** Whether the place may be known of, by its name alone. */
    boolean know(Scope place) {
        return grants.stream().anyMatch(grant -> grant.knows(place));
    }

    /** The one name that all grants have in a part of their scopes; {@code *} where there are several. */
    String only(Function<Scope, @Nullable String> part) {
        String first = grants.isEmpty() ? null : part.apply(grants.getFirst().scope());
        boolean isOnly = grants.stream().allMatch(grant -> Objects.equals(first, part.apply(grant.scope())));
        return first != null && isOnly ? first : "*";
    }

    @Override
    public String toString() {
        return Stream.concat(grants.stream(), denials.stream())
                .map(Object::toString)
                .collect(Collectors.joining(", "));
    }
}
