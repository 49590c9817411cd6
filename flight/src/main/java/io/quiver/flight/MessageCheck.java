package io.quiver.flight;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.quiver.log.record.QuiverException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.flatbuf.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Whether a {@code FlightData} message keeps to the rules of Arrow's format as far as its header says: Arrow's Java
 * classes allocate what a header asks for, and recurse as deep as its schema goes, before they compare it with what
 * came.
 *
 * <p>The header is read, and of the body no more than {@link BatchLayout} must know: nothing of it is kept. What else
 * lies in the body (offsets of texts, values) is checked by whoever reads the columns.
 *
 * <p>One for each call, for batches are compared with their schema. Belongs to the thread that takes its messages.
 */
final class MessageCheck {
    private static final int DESCRIPTOR_TAG = 1 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    private static final int HEADER_TAG = 2 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    private static final int METADATA_TAG = 3 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    private static final int BODY_TAG = 1000 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    private static final Set<Integer> TAGS = Set.of(DESCRIPTOR_TAG, HEADER_TAG, METADATA_TAG, BODY_TAG);
    private static final int HEADER_BYTES_MAX = 4 << 20;
    private static final int FIELDS_MAX = 4_096;
    private static final int DEPTH_MAX = 16;

    private BatchLayout layout = BatchLayout.NONE;
    private boolean hasDescriptor;

    /**
     * @param message to be read from its beginning
     * @param fault what is wrong with it, {@code null} where nothing is
     */
    record Outcome(InputStream message, @Nullable String fault) {}

    Outcome of(InputStream message) {
        try {
            InputStream again = message.markSupported() ? message : new ByteArrayInputStream(message.readAllBytes());
            again.mark(Integer.MAX_VALUE);
            String fault = fault(again);
            again.reset();
            return new Outcome(again, fault);
        } catch (IOException e) {
            return new Outcome(message, "the message is not FlightData: " + e.getMessage());
        } catch (UncheckedIOException e) {
            return new Outcome(message, "the message is not FlightData: " + e.getCause());
        }
    }

    /**
     * Arrow does not skip fields that it does not know, and loses buffers where a field after them is damaged: fields
     * must be known and come in their order, each once.
     */
    private @Nullable String fault(InputStream message) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(message);
        byte[] header = null;
        boolean isDescribed = false;
        long bodyBytes = 0;
        long bodyStart = 0;
        int before = 0;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (!TAGS.contains(tag) || tag <= before) {
                return "the message is not FlightData: there is a field %d of type %d"
                        .formatted(WireFormat.getTagFieldNumber(tag), WireFormat.getTagWireType(tag));
            }
            before = tag;
            int size = in.readRawVarint32();
            switch (tag) {
                case HEADER_TAG -> {
                    if (size < 0 || size > HEADER_BYTES_MAX) {
                        return "a header must not exceed %d bytes".formatted(HEADER_BYTES_MAX);
                    }
                    header = in.readRawBytes(size);
                }
                case BODY_TAG -> {
                    bodyStart = in.getTotalBytesRead();
                    in.skipRawBytes(size);
                    bodyBytes = size;
                }
                default -> {
                    isDescribed |= tag == DESCRIPTOR_TAG;
                    in.skipRawBytes(size);
                }
            }
        }
        if (header == null) {
            hasDescriptor |= isDescribed;
            return bodyBytes == 0 ? null : "a body came without a header";
        }
        long start = bodyStart;
        String fault = fault(header, bodyBytes, offset -> {
            message.reset();
            message.skipNBytes(start + offset);
            return message;
        });
        hasDescriptor |= isDescribed && fault == null && message(header).headerType() == MessageHeader.Schema;
        return fault;
    }

    /** Whether a descriptor has come where Arrow takes it from: with a schema, or by itself. */
    boolean hasDescriptor() {
        return hasDescriptor;
    }

    private static Message message(byte[] header) {
        return Message.getRootAsMessage(ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN));
    }

    /**
     * What is wrong with a message of this header and a body of so many bytes.
     *
     * @return {@code null} where nothing is
     */
    @Nullable String fault(byte[] header, long bodyBytes, MessageBody body) {
        try {
            Message message = message(header);
            if (message.version() != MetadataVersion.V4 && message.version() != MetadataVersion.V5) {
                return "messages must be of version 4 or 5 of Arrow's format, not " + (message.version() + 1);
            }
            if (message.bodyLength() < 0) {
                return "a body must not have %d bytes".formatted(message.bodyLength());
            }
            return switch (message.headerType()) {
                case MessageHeader.Schema ->
                    bodyBytes == 0 ? fault((Schema) message.header(new Schema())) : "a schema came with a body";
                case MessageHeader.RecordBatch ->
                    fault((RecordBatch) message.header(new RecordBatch()), bodyBytes, body);
                default -> "messages must be schemas or record batches; dictionaries are not taken";
            };
        } catch (QuiverException damaged) {
            return damaged.getMessage();
        } catch (UncheckedIOException lost) {
            throw lost;
        } catch (RuntimeException damaged) {
            return "the header is damaged: " + damaged.getMessage();
        }
    }

    private @Nullable String fault(@Nullable Schema schema) {
        if (schema == null) {
            return "the schema is missing";
        }
        int seen = 0;
        for (int i = 0; i < schema.fieldsLength() && seen <= FIELDS_MAX; i++) {
            seen = count(schema.fields(i), 1, seen);
        }
        if (seen > FIELDS_MAX) {
            return "a schema must not have more than %d fields, nor be deeper than %d".formatted(FIELDS_MAX, DEPTH_MAX);
        }
        layout = BatchLayout.of(
                org.apache.arrow.vector.types.pojo.Schema.convertSchema(schema).getFields());
        return null;
    }

    /** Fields seen with this one and those below it; more than the limit where it is too deep. */
    private static int count(Field field, int depth, int seenBefore) {
        int seen = depth > DEPTH_MAX ? FIELDS_MAX + 1 : seenBefore + 1;
        for (int i = 0; seen <= FIELDS_MAX && i < field.childrenLength(); i++) {
            seen = count(field.children(i), depth + 1, seen);
        }
        return seen;
    }

    private @Nullable String fault(@Nullable RecordBatch batch, long bodyBytes, MessageBody body) {
        if (batch == null) {
            return "the record batch is missing";
        }
        layout.require(new CheckedBatch(batch, bodyBytes, body));
        return null;
    }
}
