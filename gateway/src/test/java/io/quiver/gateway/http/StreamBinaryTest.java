package io.quiver.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quiver.flight.service.VectorsStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.impl.UnionListWriter;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Queries and answers as Arrow IPC streams in binary messages. */
class StreamBinaryTest extends ServerFixture {
    private String collection;
    private StreamClient stream;

    @BeforeEach
    void open() {
        collection = client.collectionOfThree();
        stream = new StreamClient(server, collection);
    }

    @AfterEach
    void close() {
        stream.close();
    }

    @Test
    void answersWithTheColumnsOfTheHits() throws IOException {
        String asked = "'n_results':2,'where':{'k':{'$gt':0}},'include':['distances']";
        JsonNode expected = client.post(collection + "/query", "{'query_embeddings':[[1,0,0],[0,0,1]]," + asked + "}")
                .json();
        stream.sendBinary(vectors("{'id':'q'," + asked + "}", new float[] {1, 0, 0}, new float[] {0, 0, 1}));
        try (RootAllocator allocator = new RootAllocator();
                ArrowStreamReader reader =
                        new ArrowStreamReader(new ByteArrayInputStream(stream.nextBinary()), allocator)) {
            VectorSchemaRoot answer = reader.getVectorSchemaRoot();
            JsonNode about = TestClient.parse(Objects.requireNonNull(
                    answer.getSchema().getCustomMetadata().get(VectorsStream.ABOUT)));
            assertEquals("result", about.get("type").textValue());
            assertEquals("q", about.get("id").textValue());
            assertTrue(about.get("offset").longValue() > 0);
            assertTrue(reader.loadNextBatch());
            for (int query = 0; query < 2; query++) {
                assertEquals(
                        expected.get("ids").get(query).toString(),
                        answer.getVector("ids").getObject(query).toString());
                assertEquals(
                        expected.get("distances").get(query),
                        TestClient.parse(
                                answer.getVector("distances").getObject(query).toString()));
            }
        }
    }

    @Test
    void errorsAreTexts() throws IOException {
        stream.sendBinary(vectors("{'id':5}", new float[] {1, 0})).gets("""
                {'type':'error','id':5,'error':'InvalidArgumentError','status':400,
                 'message':'Collection expecting embedding with dimension of 3, got 2'}""");
        stream.sendBinary(new byte[] {1, 2, 3});
        assertRefused("The Arrow IPC stream is damaged");
        stream.sendBinary(vectors("{'id':5,'type':'watch'}", new float[] {1, 0, 0}));
        assertRefused("A binary message is a query");
        stream.sendBinary(vectors("{'id':5,'query_embeddings':[[1,2,3]]}", new float[] {1, 0, 0}));
        assertRefused("the body holds them");
        byte[] whole = vectors("{'id':6}", new float[] {1, 0, 0});
        stream.sendBinary(Arrays.copyOf(whole, whole.length / 2));
        assertRefused("The Arrow IPC stream is damaged");
        stream.sendBinary(whole);
        assertTrue(stream.nextBinary().length > 0);
    }

    @Test
    void textsAndBinariesShareIdsAndTheConnection() throws IOException {
        stream.sendBinary(vectors("{'id':1,'n_results':1}", new float[] {1, 0, 0}));
        stream.send("{'type':'query','id':2,'query_embeddings':[[1,0,0]],'n_results':1,'include':[]}");
        assertEquals(2, stream.next().get("id").intValue());
        assertTrue(stream.nextBinary().length > 0);
    }

    private void assertRefused(String message) {
        JsonNode refusal = stream.next();
        assertEquals("error", refusal.get("type").textValue());
        assertTrue(refusal.get("message").textValue().contains(message), refusal::toString);
    }

    private static byte[] vectors(String about, float[]... rows) throws IOException {
        Field item = Field.nullable("item", new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE));
        Field column = new Field("vector", FieldType.notNullable(new ArrowType.List()), List.of(item));
        Schema schema = new Schema(List.of(column), Map.of(VectorsStream.ABOUT, about.replace('\'', '"')));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (RootAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator);
                ArrowStreamWriter writer = new ArrowStreamWriter(root, null, Channels.newChannel(out))) {
            UnionListWriter lists = ((ListVector) root.getVector("vector")).getWriter();
            for (float[] row : rows) {
                lists.startList();
                for (float value : row) {
                    lists.float4().writeFloat4(value);
                }
                lists.endList();
            }
            lists.setValueCount(rows.length);
            root.setRowCount(rows.length);
            writer.writeBatch();
            writer.end();
        }
        return out.toByteArray();
    }
}
