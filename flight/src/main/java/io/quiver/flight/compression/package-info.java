/**
 * Buffers of Arrow that come compressed by zstd or lz4. Arrow's own codecs decompress lz4 to whatever it grows to
 * before they compare that with what was announced; these stop at a bound.
 */
@NullMarked
package io.quiver.flight.compression;

import org.jspecify.annotations.NullMarked;
