package io.quiver.executor;

import io.quiver.executor.index.NearestRows;
import io.quiver.executor.segment.Segment;

/** Rows of one segment, or of a part of it, that a search found, nearest first. */
record SegmentHits(Segment segment, NearestRows hits) {}
