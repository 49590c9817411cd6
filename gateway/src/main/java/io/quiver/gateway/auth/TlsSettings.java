package io.quiver.gateway.auth;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How connections are encrypted, on every door.
 *
 * @param certificate PEM file of the server's certificate and those that vouch for it
 * @param key PEM file of its private key
 * @param clientAuthorities PEM file of whom the server believes about its callers; {@code null} to ask no caller for a
 *     certificate
 * @param requiresClient whether a caller without a certificate is turned away in the handshake
 */
public record TlsSettings(
        Path certificate, Path key, @Nullable Path clientAuthorities, boolean requiresClient) {}
