package io.quiver.loadtest.overload;

/** One POST, made before it is sent. */
public record Request(String path, byte[] body) {}
