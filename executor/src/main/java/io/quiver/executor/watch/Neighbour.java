package io.quiver.executor.watch;

/** A record among the nearest of a standing query. */
public record Neighbour(String id, float distance) {}
