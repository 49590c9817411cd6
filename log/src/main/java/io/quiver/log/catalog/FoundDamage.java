package io.quiver.log.catalog;

import java.util.ArrayList;
import java.util.List;

/** What of a catalog's files was found damaged, by its start and since. One thread tells, any may ask. */
final class FoundDamage {
    /** A disk that damages a file again and again is no news at some point. */
    private static final int TOLD_MAX = 16;

    private volatile List<String> mended;
    private volatile List<String> remaining = List.of();

    FoundDamage(List<String> mended) {
        this.mended = List.copyOf(mended);
    }

    /** What has been made again, the newest last. */
    List<String> mended() {
        return mended;
    }

    /** What has not. */
    List<String> remaining() {
        return remaining;
    }

    void remains(List<String> problems) {
        remaining = List.copyOf(problems);
    }

    void haveBeenMended(List<String> problems) {
        List<String> all = new ArrayList<>(mended);
        all.addAll(problems);
        mended = List.copyOf(all.subList(Math.max(0, all.size() - TOLD_MAX), all.size()));
        remaining = List.of();
    }
}
