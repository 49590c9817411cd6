package io.quiver.flight;

import io.quiver.log.record.QuiverException;
import java.io.ByteArrayInputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;

/**
 * Whether bytes are an Arrow IPC stream whose headers keep to the rules, see {@link MessageCheck}: to be asked before
 * Arrow's classes read it. Each message is the marker {@code -1} (which old writers leave out), the size of its header,
 * the header, and a body as long as the header says; the size 0 ends the stream, and so does the end of the bytes.
 *
 * <p>Compressed batches are refused: whoever asks reads the stream where it stands, and a small one may unpack to a
 * great deal.
 */
public final class CheckedIpc {
    private static final int MARKER = -1;
    private static final int HEADER_BYTES_MIN = 8;

    private CheckedIpc() {}

    /** Refuses as {@code INVALID_ARGUMENT} what must not be read. */
    public static void require(byte[] stream) {
        ByteBuffer in = ByteBuffer.wrap(stream).order(ByteOrder.LITTLE_ENDIAN);
        MessageCheck check = new MessageCheck();
        try {
            int messages = 0;
            for (int size = size(in); size != 0; size = size(in)) {
                requireMessage(check, stream, in, size);
                messages++;
            }
            if (messages == 0) {
                throw refused("there is no schema");
            }
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw refused("it ends within a message");
        }
    }

    private static int size(ByteBuffer in) {
        if (!in.hasRemaining()) {
            return 0;
        }
        int size = in.getInt();
        return size == MARKER ? in.getInt() : size;
    }

    private static void requireMessage(MessageCheck check, byte[] stream, ByteBuffer in, int size) {
        if (size < HEADER_BYTES_MIN || size > in.remaining()) {
            throw refused("a header of %d bytes does not fit in %d".formatted(size, in.remaining()));
        }
        byte[] header = new byte[size];
        in.get(header);
        Message message = Message.getRootAsMessage(ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN));
        long bodyBytes = message.bodyLength();
        if (bodyBytes < 0 || bodyBytes > in.remaining()) {
            throw refused("a body of %d bytes does not fit in %d".formatted(bodyBytes, in.remaining()));
        }
        int start = in.position();
        String fault = check.fault(
                header,
                bodyBytes,
                offset -> new ByteArrayInputStream(
                        stream, start + Math.toIntExact(offset), (int) bodyBytes - (int) offset));
        if (fault != null) {
            throw refused(fault);
        }
        if (isCompressed(message)) {
            throw QuiverException.invalid("An Arrow IPC stream must not be compressed here");
        }
        in.position(in.position() + (int) bodyBytes);
    }

    private static boolean isCompressed(Message message) {
        return message.headerType() == MessageHeader.RecordBatch
                && message.header(new RecordBatch()) instanceof RecordBatch batch
                && batch.compression() != null;
    }

    private static QuiverException refused(String fault) {
        return QuiverException.invalid("The Arrow IPC stream is damaged: " + fault);
    }
}
