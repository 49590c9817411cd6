package io.quiver.gateway.auth;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Whether and how callers are asked who they are.
 *
 * @param isEnabled otherwise everyone may do everything
 * @param subjectsFile what the subjects of certificates may do; {@code null} where certificates name nobody
 * @param tokens which tokens of others are believed; {@code null} for none
 */
public record AuthSettings(
        boolean isEnabled,
        @Nullable Path subjectsFile,
        @Nullable JwtSettings tokens) {}
