package io.quiver.log.record;

/** Why a request was refused; each door maps it once to its own protocol. */
public enum ErrorCode {
    /** Well-formed but wrong in meaning. */
    INVALID_ARGUMENT,
    /** Wrong in shape: a missing field, a wrong type. */
    UNPROCESSABLE,
    /** More than a quota allows, see {@link QuotaException}; later is no better. */
    QUOTA_EXCEEDED,
    UNAUTHENTICATED,
    PERMISSION_DENIED,
    NOT_FOUND,
    ALREADY_EXISTS,
    FAILED_PRECONDITION,
    /** A commit rests on a read that is not true any more. */
    WRITE_CONFLICT,
    /** Nobody knows any more whether a read is still true. */
    STALE_READ,
    /** The caller takes too long to say what it wants. */
    TOO_SLOW,
    PAYLOAD_TOO_LARGE,
    UNSUPPORTED_MEDIA_TYPE,
    /** The caller exceeds its share; later is better. */
    RESOURCE_EXHAUSTED,
    /** Writes come faster than they can be folded. */
    BACKOFF,
    /** The server is full, draining, or a part of it is damaged. */
    UNAVAILABLE,
    /** The disk is full: deletes and reads go on. */
    STORAGE_FULL,
    DEADLINE_EXCEEDED,
    CANCELLED,
    UNIMPLEMENTED,
    /** Our fault. */
    INTERNAL
}
