"""A load that goes on after the server was killed: python resume.py load|resume grpc://host:port FILE

FILE keeps the number of the last acknowledged batch, as a loader would.
"""

import json
import os
import sys

import pyarrow as pa
import pyarrow.flight as flight

DIMENSION = 8
BATCHES = 200
ROWS = 100

mode, server, progress = sys.argv[1:]
client = flight.connect(server)


def batch(number):
    ids = pa.array([f"r{number * ROWS + i}" for i in range(ROWS)])
    flat = pa.array([float(number)] * (ROWS * DIMENSION), pa.float32())
    return pa.record_batch([ids, pa.FixedSizeListArray.from_arrays(flat, DIMENSION)], names=["id", "embedding"])


if mode == "load":
    list(client.do_action(flight.Action("create_collection", b'{"name":"resumed"}')))

first = int(open(progress).read()) + 1 if os.path.exists(progress) else 0
descriptor = flight.FlightDescriptor.for_command(json.dumps({"collection": "resumed", "first_batch": first}).encode())
try:
    writer, acknowledgements = client.do_put(descriptor, batch(0).schema)
    for number in range(first, BATCHES):
        writer.write_batch(batch(number))
        answer = acknowledgements.read()
        if answer is None:
            writer.close()  # raises the reason
        acknowledged = json.loads(answer.to_pybytes())
        assert acknowledged["batch"] == number and acknowledged["rows"] == ROWS, acknowledged
        with open(progress, "w") as file:
            file.write(str(number))
        if mode == "load" and number == BATCHES // 2:
            print("half of it is there", flush=True)
            sys.stdin.readline()
    writer.close()
except (flight.FlightError, pa.ArrowException) as broken:
    assert mode == "load", broken
    print("the connection broke", flush=True)
    sys.exit(0)

info = client.get_flight_info(flight.FlightDescriptor.for_path("resumed"))
assert info.total_records == BATCHES * ROWS, info.total_records
print("everything is there once")
