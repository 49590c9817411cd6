/**
 * Short codes of embeddings and the arithmetic over them: a random rotation, one bit a dimension of a residual
 * (RaBitQ), eight bits a dimension of the embedding itself, and the kernels that score 32 codes at a time.
 *
 * <p><b>Code space.</b> Codes live in a space of {@code codeDimension} floats: the embedding, changed so that squared
 * Euclidean distance orders rows as the metric does, less a mean, rotated at random.
 *
 * <p><b>Threads.</b> Everything here is static or belongs to one thread. <b>Memory.</b> Lent by the caller.
 */
@NullMarked
package io.quiver.executor.index.code;

import org.jspecify.annotations.NullMarked;
