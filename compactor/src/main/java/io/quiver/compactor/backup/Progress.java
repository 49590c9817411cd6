package io.quiver.compactor.backup;

/** Is told how far work is, on the working thread. */
@FunctionalInterface
public interface Progress {
    Progress NONE = (_, _, _) -> {};

    void moved(String what, long bytesDone, long bytesTotal);
}
