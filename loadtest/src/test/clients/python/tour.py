"""The Flight door with pyarrow alone: python tour.py grpc://host:port"""

import json
import sys

import pyarrow as pa
import pyarrow.flight as flight

DIMENSION = 8
ROWS = 1000


def command(**options):
    return flight.FlightDescriptor.for_command(json.dumps(options).encode())


def vectors(rows):
    flat = pa.array([float((row * 31 + i * 7) % 101) for row in rows for i in range(DIMENSION)], pa.float32())
    return pa.FixedSizeListArray.from_arrays(flat, DIMENSION)


client = flight.connect(sys.argv[1])
create = flight.Action("create_collection", json.dumps({"name": "tour", "configuration": {"hnsw": {"space": "l2"}}}).encode())
list(client.do_action(create))

# DoPut: each batch is durable when its offset comes back.
schema = pa.schema(
    [
        pa.field("id", pa.utf8(), nullable=False),
        pa.field("embedding", pa.list_(pa.float32(), DIMENSION), nullable=False),
        pa.field("document", pa.utf8()),
        pa.field("metadata", pa.utf8()),
    ]
)
offsets = []
writer, acknowledgements = client.do_put(command(collection="tour", operation="add"), schema)
for start in range(0, ROWS, 250):
    rows = range(start, start + 250)
    writer.write_batch(
        pa.record_batch(
            [
                pa.array([f"r{row}" for row in rows]),
                vectors(rows),
                pa.array([f"document {row}" for row in rows]),
                pa.array([json.dumps({"even": row % 2 == 0, "row": row}) for row in rows]),
            ],
            schema=schema,
        )
    )
    offsets.append(json.loads(acknowledgements.read().to_pybytes())["offset"])
writer.close()
assert offsets == sorted(offsets) and len(set(offsets)) == 4, offsets

# ListFlights and GetFlightInfo.
info = client.get_flight_info(command(collection="tour"))
assert info.total_records == ROWS, info.total_records
assert any(listed.total_records == ROWS for listed in client.list_flights())

# DoExchange: queries in, hits out.
query_schema = pa.schema(
    [pa.field("query_id", pa.int64(), nullable=False), pa.field("vector", pa.list_(pa.float32(), DIMENSION), nullable=False)]
)
writer, reader = client.do_exchange(
    command(collection="tour", k=3, where={"even": True}, include=["distances", "documents"])
)
with writer:
    writer.begin(query_schema)
    asked = [0, 2, 500]
    writer.write_batch(pa.record_batch([pa.array([7, 8, 9]), vectors(asked)], schema=query_schema))
    writer.done_writing()
    found = {}
    for chunk in reader:
        for row in chunk.data.to_pylist():
            found[row["query_id"]] = row
assert sorted(found) == [7, 8, 9], found
for query_id, row in zip((7, 8, 9), asked):
    hits = found[query_id]
    assert f"r{row}" in hits["ids"] and hits["distances"][0] == 0.0, hits
    assert len(hits["ids"]) == 3 and len(hits["documents"]) == 3, hits

# DoGet: a scan with a filter.
ticket = flight.Ticket(json.dumps({"collection": "tour", "where": {"row": {"$lt": 10}}, "include": ["embeddings", "metadatas"]}).encode())
table = client.do_get(ticket).read_all()
assert table.column("id").to_pylist() == [f"r{row}" for row in range(10)], table
embeddings = table.column("embedding").combine_chunks().flatten().to_pylist()
assert embeddings == vectors(range(10)).flatten().to_pylist()

# All batches of a scan come from one view, and say at which log offset it is.
reader = client.do_get(flight.Ticket(json.dumps({"collection": "tour", "include": []}).encode()))
chunks = list(reader)
view = {json.loads(chunk.app_metadata.to_pybytes())["offset"] for chunk in chunks}
assert view == {offsets[-1]}, view

# Bad rows are left out and named where the caller asks for it; embeddings of other types, metadata as a map.
halves = pa.FixedSizeListArray.from_arrays(pa.array([float(i) for i in range(3 * DIMENSION)]).cast(pa.float16()), DIMENSION)
maps = pa.array([[("even", 1)], [("even", 2)], None], pa.map_(pa.utf8(), pa.int64()))
batch = pa.record_batch([pa.array(["h0", "", "h2"]), halves, maps], names=["id", "embedding", "metadata"])
writer, acknowledgements = client.do_put(command(collection="tour", on_error="skip", first_batch=7), batch.schema)
writer.write_batch(batch)
skipped = json.loads(acknowledgements.read().to_pybytes())
writer.close()
assert (skipped["rows"], skipped["refused"], skipped["batch"]) == (2, 1, 7), skipped
assert skipped["errors"] == [{"row": 1, "reason": "'id' is empty"}], skipped

# Buffers may be compressed.
for compression in ("zstd", "lz4"):
    options = flight.FlightCallOptions(write_options=pa.ipc.IpcWriteOptions(compression=compression))
    small = pa.FixedSizeListArray.from_arrays(pa.array([0] * (100 * DIMENSION), pa.int8()), DIMENSION)
    batch = pa.record_batch([pa.array([f"{compression}{i}" for i in range(100)]), small], names=["id", "embedding"])
    writer, acknowledgements = client.do_put(command(collection="tour"), batch.schema, options=options)
    writer.write_batch(batch)
    assert json.loads(acknowledgements.read().to_pybytes())["rows"] == 100
    writer.close()

# Rows say how they are searched; several batches are under way, so answers are found by their query_id.
options = pa.schema(
    [
        pa.field("query_id", pa.int64()),
        pa.field("vector", pa.list_(pa.float32(), DIMENSION)),
        pa.field("k", pa.int32()),
        pa.field("where", pa.utf8()),
    ]
)
writer, reader = client.do_exchange(command(collection="tour", k=2))
with writer:
    writer.begin(options)
    for number in range(20):
        where = json.dumps({"row": {"$gte": 900}}) if number % 2 else None
        rows = [pa.array([number]), vectors([number]), pa.array([number + 1], pa.int32()), pa.array([where], pa.utf8())]
        writer.write_batch(pa.record_batch(rows, schema=options))
    writer.done_writing()
    answers = {row["query_id"]: row for chunk in reader for row in chunk.data.to_pylist()}
assert sorted(answers) == list(range(20)), answers
for number, row in answers.items():
    assert len(row["ids"]) == number + 1 and not row["partial"], row
    assert number % 2 == 0 or all(int(found[1:]) >= 900 for found in row["ids"]), row

# Changes: from an offset on, and further as they are written.
changes = client.do_get(flight.Ticket(json.dumps({"collection": "tour", "changes_after": offsets[-1], "include": []}).encode()))
log = [(row["operation"], row["id"]) for chunk in changes for row in chunk.data.to_pylist()]
assert log[:2] == [("upsert", "h0"), ("upsert", "h2")] and len(log) == 202, log[:3]
head = json.loads(list(client.do_action(flight.Action("stats", b'{"collection":"tour"}')))[0].body.to_pybytes())["offset"]
follower = client.do_get(flight.Ticket(json.dumps({"collection": "tour", "changes_after": head, "follow": True}).encode()))
writer, acknowledgements = client.do_put(command(collection="tour"), batch.schema)
writer.write_batch(batch)
acknowledgements.read()
writer.close()
assert follower.read_chunk().data.column("id").to_pylist() == batch.column(0).to_pylist()
follower.cancel()

# Actions.
listed = json.loads(list(client.do_action(flight.Action("list_collections", b"{}")))[0].body.to_pybytes())
assert [each["name"] for each in listed["collections"]] == ["tour"], listed
list(client.do_action(flight.Action("compact", b'{"collection":"tour"}')))
stats = json.loads(list(client.do_action(flight.Action("stats", b'{"collection":"tour"}')))[0].body.to_pybytes())
assert stats["count"] == stats["compacted_count"] == ROWS + 202, stats
question = {"collection": "tour", "vector": [0.0] * DIMENSION, "k": 3}
explained = json.loads(list(client.do_action(flight.Action("explain", json.dumps(question).encode())))[0].body.to_pybytes())
assert explained["hits"] == 3 and explained["segments"], explained

# Refusals carry a reason.
try:
    writer, _ = client.do_put(command(collection="nowhere"), schema)
    writer.write_batch(pa.record_batch([pa.array(["x"]), vectors([0]), pa.array(["d"]), pa.array(["{}"])], schema=schema))
    writer.close()
    raise AssertionError("a load into no collection was accepted")
except flight.FlightError as refusal:
    assert "nowhere" in str(refusal), refusal
except pa.ArrowException as refusal:
    assert "nowhere" in str(refusal), refusal

print("the tour ends well")
