package io.quiver.compactor;

import io.quiver.executor.FoldInput;
import io.quiver.executor.segment.Segment;
import io.quiver.executor.segment.SegmentStore;
import io.quiver.log.catalog.Manifest;
import io.quiver.log.record.CollectionId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes files that no manifest names any more: older tombstones, and what failed folds left. Segments that were
 * replaced delete their own files once the last view has let them go; until then theirs are spared here. For whoever
 * holds the compactor's lock.
 */
final class Garbage {
    private static final Logger LOG = LoggerFactory.getLogger(Garbage.class);

    private final SegmentStore store;
    private final Map<CollectionId, List<Replaced>> replaced = new HashMap<>();

    Garbage(SegmentStore store) {
        this.store = store;
    }

    /** After {@code published} has been adopted in the place of what was folded. */
    void collect(FoldInput folded, Manifest published) {
        CollectionId id = folded.shape().id();
        List<Replaced> held = stillHeld(folded, published);
        if (held.isEmpty()) {
            replaced.remove(id);
        } else {
            replaced.put(id, held);
        }
        try {
            store.deleteUnnamed(id, sparing(held, published));
        } catch (IOException failure) {
            LOG.warn("Files of collection {} that nobody needs remain for now", id, failure);
        }
    }

    private List<Replaced> stillHeld(FoldInput folded, Manifest published) {
        List<Replaced> held =
                new ArrayList<>(replaced.getOrDefault(folded.shape().id(), List.of()));
        Set<String> named =
                published.segments().stream().map(Manifest.Segment::name).collect(Collectors.toSet());
        for (int i = 0; i < folded.sealed().size(); i++) {
            Manifest.Segment entry = folded.manifest().segments().get(i);
            if (!named.contains(entry.name())) {
                held.add(new Replaced(folded.sealed().get(i), entry));
            }
        }
        held.removeIf(Replaced::isFreed);
        return held;
    }

    private static Manifest sparing(List<Replaced> held, Manifest published) {
        List<Manifest.Segment> entries = new ArrayList<>(published.segments());
        held.forEach(segment -> entries.add(segment.entry));
        return new Manifest(published.version(), published.compactedOffset(), entries);
    }

    private record Replaced(Segment segment, Manifest.Segment entry) {
        boolean isFreed() {
            if (segment.retain()) {
                segment.release();
                return false;
            }
            return true;
        }
    }
}
