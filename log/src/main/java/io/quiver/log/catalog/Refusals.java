package io.quiver.log.catalog;

import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import io.quiver.log.record.QuotaException;
import io.quiver.log.record.QuotaException.Subject;
import org.jspecify.annotations.Nullable;

/** The refusals of changes, in the words of Chroma's API. */
final class Refusals {
    private Refusals() {}

    /** {@code kind} is what the name names, with a capital letter. */
    static void ifExists(@Nullable Object found, String kind, String name) {
        if (found != null) {
            throw new QuiverException(
                    ErrorCode.ALREADY_EXISTS, "%s [%s] already exists".formatted(kind, Names.shown(name)));
        }
    }

    static void ifSet(@Nullable String resourceName, String tenant) {
        if (resourceName != null) {
            throw new QuiverException(
                    ErrorCode.ALREADY_EXISTS, "Tenant [%s] already has a resource name".formatted(Names.shown(tenant)));
        }
    }

    static void ifTaken(@Nullable Object holder, String resourceName) {
        if (holder != null) {
            throw new QuiverException(
                    ErrorCode.ALREADY_EXISTS,
                    "Resource name [%s] is another tenant's already".formatted(Names.shown(resourceName)));
        }
    }

    /** For a collection to be created in a database that is not there: wrong, rather than not found. */
    static <T> T ifAbsent(@Nullable T database, String name) {
        if (database == null) {
            throw QuiverException.invalid("Database [%s] does not exist".formatted(Names.shown(name)));
        }
        return database;
    }

    static void ifExceeded(Subject subject, int count, int limit, String action) {
        if (count >= limit) {
            throw exceeded(subject, "Limit value", action, count + 1L, limit);
        }
    }

    /** For {@code more} that are to come beside those that are used. */
    static void ifExceeded(Quota.Resource resource, Quota quota, long used, long more, String action) {
        Long most = quota.of(resource);
        if (most != null && more > most - used) {
            throw exceeded(resource.subject(), resource.title(), action, used + more, most);
        }
    }

    private static QuiverException exceeded(Subject subject, String what, String action, long usage, long limit) {
        return new QuotaException(
                subject,
                "Quota exceeded: '%s' exceeded quota limit for action '%s': current usage of %d exceeds limit of %d"
                        .formatted(what, action, usage, limit));
    }
}
