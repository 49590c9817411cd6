package io.quiver.log;

import io.quiver.log.storage.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** The pieces of one log file, read as if they were the file. Owns the open pieces; belongs to one thread. */
final class PieceFile implements StorageFile {
    private final List<LogPiece> pieces;
    private final List<StorageFile> opened;

    /** @param opened the piece at the same place in {@code pieces}, open */
    PieceFile(List<LogPiece> pieces, List<StorageFile> opened) {
        this.pieces = List.copyOf(pieces);
        this.opened = List.copyOf(opened);
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        for (int i = 0; i < pieces.size(); i++) {
            LogPiece piece = pieces.get(i);
            if (position < piece.to()) {
                return opened.get(i).read(target, position - piece.from());
            }
        }
        return -1;
    }

    @Override
    public long sizeBytes() {
        return pieces.getLast().to();
    }

    @Override
    public void write(ByteBuffer bytes, long position) {
        throw new UnsupportedOperationException("pieces of a log are for reading");
    }

    @Override
    public void force() {
        throw new UnsupportedOperationException("pieces of a log are for reading");
    }

    @Override
    public void resize(long sizeBytes) {
        throw new UnsupportedOperationException("pieces of a log are for reading");
    }

    @Override
    public void close() throws IOException {
        for (StorageFile piece : opened) {
            piece.close();
        }
    }
}
