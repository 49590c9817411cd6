package io.quiver.flight;

import com.google.protobuf.ByteString;
import io.quiver.flight.compression.BoundedCompression;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.arrow.flight.impl.Flight.FlightData;
import org.apache.arrow.flight.impl.Flight.FlightDescriptor;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.apache.arrow.vector.ipc.message.ArrowBuffer;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.apache.arrow.vector.ipc.message.MessageSerializer;

/** A stream of batches as the messages that travel, each in its parts, so that a test can damage any of them. */
public record RawBatches(FlightData schema, FlightData batch) {
    public static RawBatches of(VectorSchemaRoot root, String command, CodecType compression) {
        FlightDescriptor descriptor = FlightDescriptor.newBuilder()
                .setType(FlightDescriptor.DescriptorType.CMD)
                .setCmd(ByteString.copyFromUtf8(command))
                .build();
        FlightData schema = FlightData.newBuilder()
                .setFlightDescriptor(descriptor)
                .setDataHeader(bytes(MessageSerializer.serializeMetadata(root.getSchema(), IpcOption.DEFAULT)))
                .build();
        VectorUnloader unloader =
                new VectorUnloader(root, true, new BoundedCompression().createCodec(compression), true);
        try (ArrowRecordBatch batch = unloader.getRecordBatch()) {
            return new RawBatches(
                    schema,
                    FlightData.newBuilder()
                            .setDataHeader(bytes(MessageSerializer.serializeMetadata(batch, IpcOption.DEFAULT)))
                            .setDataBody(ByteString.copyFrom(body(batch)))
                            .build());
        }
    }

    public List<byte[]> messages() {
        return List.of(schema.toByteArray(), batch.toByteArray());
    }

    private static byte[] body(ArrowRecordBatch batch) {
        byte[] body = new byte[(int) batch.computeBodyLength()];
        List<ArrowBuf> buffers = batch.getBuffers();
        List<ArrowBuffer> layout = batch.getBuffersLayout();
        for (int i = 0; i < buffers.size(); i++) {
            ArrowBuf buffer = buffers.get(i);
            buffer.getBytes(0, body, (int) layout.get(i).getOffset(), (int)
                    Math.min(buffer.readableBytes(), layout.get(i).getSize()));
        }
        return body;
    }

    private static ByteString bytes(ByteBuffer header) {
        return ByteString.copyFrom(header);
    }
}
