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
