package io.quiver.log.catalog;

/**
 * Which indexes a collection keeps for which keys, in the form of Chroma's API: stored complete, as JSON text, with the
 * defaults filled in.
 */
public record Schema(String json) {}
