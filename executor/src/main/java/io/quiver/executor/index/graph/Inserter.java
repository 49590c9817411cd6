package io.quiver.executor.index.graph;

import io.quiver.executor.index.EmbeddingRows;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** What one thread of a build does, with its scratch. */
final class Inserter {
    /** Searches that take turns, so that one computes while the rows of the others are fetched. */
    private static final int WALKS = 4;

    private final MemorySegment image;
    private final GraphLayout layout;
    private final BuildState state;
    private final int ef;
    private final RowEncoder encoder;
    private final Neighbors neighbors;
    private final ReverseEdges reverse;
    private final SlotRecovery recovery;
    private final NodeDistances measure;
    private final Walk[] walks = new Walk[WALKS];
    private final float[] floats;

    Inserter(MemorySegment image, GraphLayout layout, BuildState state, int ef) {
        this.image = image;
        this.layout = layout;
        this.state = state;
        this.ef = ef;
        this.encoder = new RowEncoder(image, layout);
        this.neighbors = new Neighbors(image, layout);
        this.reverse = new ReverseEdges(image, layout, state, encoder);
        this.recovery = new SlotRecovery(image, layout, state);
        this.measure = new NodeDistances(image, layout);
        this.floats = new float[layout.codeDimension()];
        Arrays.setAll(walks, _ -> new Walk(image, layout));
    }

    RowEncoder encoder() {
        return encoder;
    }

    /** Writes a node's embedding, and a row without neighbours. */
    void encode(CodeSpace space, EmbeddingRows rows, int node, int row) {
        space.project(rows, row, floats);
        encoder.writeBytes(node, row, floats);
        long ids = layout.row(node) + layout.idsAt();
        image.asSlice(ids, 4L * GraphLayout.DEGREE).fill((byte) 0xFF);
    }

    /** Inserts one of the first nodes, which look at each other one by one. */
    void insertAmong(int node, int count) {
        float norm = image.get(GraphLayout.FLOAT, layout.row(node) + GraphLayout.NORM_AT);
        float sum = layout.decode(image, node, floats);
        long[] candidates = new long[count];
        int found = 0;
        for (int other = 0; other < count; other++) {
            if (other != node) {
                float distance = Distance.of(image, layout.row(other), floats, norm, sum);
                candidates[found++] = Beam.key(distance, other);
            }
        }
        choose(node, candidates, found);
    }

    /** Inserts nodes {@code from} to {@code to - 1}, reading only the rows of earlier ones. */
    void insert(int from, int to, int entryBlocks) {
        for (int node = from; node < to; node += WALKS) {
            int count = Math.min(WALKS, to - node);
            for (int i = 0; i < count; i++) {
                layout.decode(image, node + i, walks[i].query());
                walks[i].begin(ef, entryBlocks);
            }
            Walk.together(walks, count, Integer.MAX_VALUE);
            for (int i = 0; i < count; i++) {
                choose(node + i, walks[i].expanded(), walks[i].expandedCount());
            }
        }
    }

    private void choose(int node, long[] candidates, int count) {
        Arrays.sort(candidates, 0, count);
        neighbors.choose(candidates, count);
        for (int slot = 0; slot < neighbors.count(); slot++) {
            encoder.writeSlot(node, slot, neighbors.node(slot));
            state.setDistance(node, slot, neighbors.distance(slot));
        }
        state.setStrict(node, neighbors.strictCount() == GraphLayout.DEGREE ? -1 : (1 << neighbors.strictCount()) - 1);
    }

    /** Offers the nodes of a batch that begins with {@code first} to the targets of their edges. */
    void linkBack(long[] edges, int from, int to, int first) {
        for (int i = from; i < to; i++) {
            int target = (int) (edges[i] >>> 32);
            int node = first + ((int) edges[i] >>> 5);
            int slot = (int) edges[i] & 31;
            recovery.ensureKnown(target);
            reverse.offer(target, node, state.distance(node, slot));
        }
    }

    /** Offers nodes to targets: those above, these below. */
    void offer(long[] edges, int from, int to) {
        int[] target = new int[1];
        float[] distance = new float[1];
        for (int i = from; i < to; i++) {
            int node = (int) edges[i];
            target[0] = (int) (edges[i] >>> 32);
            measure.measure(node, target, 1, distance);
            recovery.ensureKnown(target[0]);
            reverse.offer(target[0], node, Math.max(distance[0], 0));
        }
    }
}
