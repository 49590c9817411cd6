"""The story of a user of the Python client, and of LangChain upon it: story.py HOST PORT"""

import json
import sys
import urllib.request

import chromadb
import numpy
from chromadb.config import Settings
from chromadb.errors import ChromaError, DuplicateIDError, InvalidArgumentError, NotFoundError

HOST, PORT = sys.argv[1], int(sys.argv[2])
MANY = 10_000


def connected():
    client = chromadb.HttpClient(host=HOST, port=PORT, settings=Settings(anonymized_telemetry=False))
    assert client.heartbeat() > 0
    assert client.get_version().count(".") == 2
    assert client.get_max_batch_size() >= MANY
    return client


def refused(kind, what):
    """What is refused, is refused with this very class of the client."""
    try:
        what()
    except Exception as error:
        assert type(error) is kind, f"{type(error).__name__} instead of {kind.__name__}: {error}"
        return str(error)
    raise AssertionError(f"not refused with {kind.__name__}")


def plain(client, name, **more):
    return client.create_collection(name, embedding_function=None, **more)


def measures_by_each_space(client):
    for space, expected in {"l2": [1, 18], "cosine": [0, 0.2], "ip": [-3, -1]}.items():
        for by, more in {
            "configuration": {"configuration": {"hnsw": {"space": space}}},
            "metadata": {"metadata": {"hnsw:space": space}},
        }.items():
            named = plain(client, f"{space}-by-{by}", **more)
            named.add(ids=["x", "y"], embeddings=[[3, 4], [0, 2]])
            found = named.query(query_embeddings=[[0, 1]], n_results=2)
            assert numpy.allclose(found["distances"][0], expected, atol=1e-6), (space, by, found["distances"])
            client.delete_collection(named.name)


def adds_many_and_finds_them(client):
    vectors = numpy.random.default_rng(7).normal(size=(MANY, 32)).astype(numpy.float32)
    many = plain(client, "many")
    many.add(
        ids=[f"r{i}" for i in range(MANY)],
        embeddings=vectors,
        documents=[f"record number {i} of many" for i in range(MANY)],
        metadatas=[{"number": i, "half": i / 2, "even": i % 2 == 0, "last": str(i % 10)} for i in range(MANY)],
    )
    assert many.count() == MANY
    asked = vectors[[5, 4_999, 9_999]]
    found = many.query(query_embeddings=asked, n_results=10)
    for query, ids in zip(asked, found["ids"]):
        distances = ((vectors - query) ** 2).sum(axis=1)
        assert ids == [f"r{i}" for i in numpy.argsort(distances, kind="stable")[:10]]
    near = many.query(query_embeddings=asked[0], n_results=3, where={"number": {"$gte": 9_000}})
    assert all(metadata["number"] >= 9_000 for metadata in near["metadatas"][0])
    kept = many.get(ids=["r77"], include=["embeddings"])["embeddings"]
    assert numpy.array_equal(numpy.asarray(kept, dtype=numpy.float32), vectors[[77]])
    pages_through(many)


def pages_through(many):
    ids = []
    while page := many.get(limit=999, offset=len(ids), include=[])["ids"]:
        ids += page
    assert ids == [f"r{i}" for i in range(MANY)]
    assert many.get(where={"last": "3"}, limit=2, offset=1, include=[])["ids"] == ["r13", "r23"]
    assert many.peek(3)["ids"] == ["r0", "r1", "r2"]


def filters_by_every_operator(client):
    arrows = plain(client, "arrows", metadata={"purpose": "story"})
    arrows.add(
        ids=["ash", "yew", "oak", "elm"],
        embeddings=[[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]],
        documents=["an arrow of ash", "an arrow of yew", "a bow of oak", None],
        metadatas=[
            {"weight": 3, "straight": True, "tags": ["light", "long"]},
            {"weight": 5.5, "wood": "yew", "sizes": [1, 2]},
            {"weight": 8, "wood": "oak"},
            None,
        ],
        uris=["u:ash", None, None, None],
    )
    for where, expected in [
        ({"weight": 3}, ["ash"]),
        ({"weight": {"$eq": 3.0}}, ["ash"]),
        ({"weight": {"$ne": 3}}, ["yew", "oak", "elm"]),
        ({"weight": {"$gt": 3}}, ["yew", "oak"]),
        ({"weight": {"$gte": 5.5}}, ["yew", "oak"]),
        ({"weight": {"$lt": 5.5}}, ["ash"]),
        ({"weight": {"$lte": 5.5}}, ["ash", "yew"]),
        ({"wood": {"$in": ["yew", "elm"]}}, ["yew"]),
        ({"wood": {"$nin": ["yew"]}}, ["ash", "oak", "elm"]),
        ({"straight": True}, ["ash"]),
        ({"tags": {"$contains": "long"}}, ["ash"]),
        ({"sizes": {"$contains": 2}}, ["yew"]),
        ({"tags": {"$not_contains": "long"}}, ["yew", "oak", "elm"]),
        ({"$and": [{"weight": {"$gt": 3}}, {"wood": "oak"}]}, ["oak"]),
        ({"$or": [{"straight": True}, {"$and": [{"wood": "oak"}, {"weight": 8}]}]}, ["ash", "oak"]),
    ]:
        assert arrows.get(where=where)["ids"] == expected, where
        queried = arrows.query(query_embeddings=[[1, 1, 1]], where=where)["ids"][0]
        assert sorted(queried) == sorted(expected), where
    for where, expected in [
        ({"$contains": "arrow"}, ["ash", "yew"]),
        ({"$not_contains": "arrow"}, ["oak", "elm"]),
        ({"$regex": "of (yew|oak)$"}, ["yew", "oak"]),
        ({"$not_regex": "(?i)OF ASH"}, ["yew", "oak", "elm"]),
        ({"$and": [{"$contains": "arrow"}, {"$contains": "yew"}]}, ["yew"]),
        ({"$or": [{"$contains": "bow"}, {"$contains": "ash"}]}, ["ash", "oak"]),
    ]:
        assert arrows.get(where_document=where)["ids"] == expected, where
    assert arrows.get(ids=["oak", "ash", "nobody"], where={"weight": {"$gt": 3}})["ids"] == ["oak"]
    return arrows


def updates_merges_and_deletes(arrows):
    arrows.update(ids=["ash"], metadatas=[{"weight": 4, "straight": None, "new": [1.5]}])
    ash = arrows.get(ids=["ash"], include=["metadatas", "documents", "uris", "embeddings"])
    assert ash["metadatas"] == [{"weight": 4, "tags": ["light", "long"], "new": [1.5]}], ash
    assert ash["documents"] == ["an arrow of ash"] and ash["uris"] == ["u:ash"]
    arrows.upsert(ids=["oak", "fir"], embeddings=[[0, 0, 2], [2, 2, 2]], metadatas=[{"weight": 9}, {"weight": 1}])
    assert arrows.get()["ids"] == ["ash", "yew", "oak", "elm", "fir"]
    assert arrows.get(ids=["oak"])["metadatas"] == [{"weight": 9, "wood": "oak"}]
    arrows.add(ids=["oak"], embeddings=[[7, 7, 7]])
    assert arrows.get(ids=["oak"], include=["embeddings"])["embeddings"].tolist() == [[0, 0, 2]]
    arrows.delete(ids=["elm", "nobody"])
    arrows.delete(where={"weight": {"$gte": 5.5}}, limit=1)
    assert arrows.get()["ids"] == ["ash", "oak", "fir"]
    arrows.delete(where={"weight": {"$gte": 5.5}}, where_document={"$contains": "bow"})
    assert arrows.get()["ids"] == ["ash", "fir"]


def refuses_as_the_client_knows_it(client, arrows):
    refused(NotFoundError, lambda: client.get_collection("bows", embedding_function=None))
    refused(NotFoundError, lambda: client.delete_collection("bows"))
    # Chroma's own server calls this a ChromaError too: the client's UniqueConstraintError is for another name.
    assert "already exists" in refused(ChromaError, lambda: plain(client, "arrows"))
    refused(DuplicateIDError, lambda: arrows.add(ids=["a", "a"], embeddings=[[1, 2, 3], [1, 2, 3]]))
    refused(InvalidArgumentError, lambda: plain(client, "x"))
    refused(InvalidArgumentError, lambda: arrows.query(query_embeddings=[[1, 0]]))
    refused(InvalidArgumentError, lambda: arrows.add(ids=["a"], embeddings=[[1, 2]]))
    refused(InvalidArgumentError, lambda: arrows.get(where_document={"$regex": "("}))


def renames_lists_and_drops(client, arrows):
    arrows.modify(name="quiver-of-arrows", metadata={"purpose": "renamed"})
    renamed = client.get_collection("quiver-of-arrows", embedding_function=None)
    assert renamed.metadata == {"purpose": "renamed"} and renamed.id == arrows.id
    assert [each.name for each in client.list_collections(limit=1, offset=1)] == ["quiver-of-arrows"]
    assert client.count_collections() == 2
    assert client.get_or_create_collection("many", embedding_function=None).count() == MANY


def forks(client, arrows):
    forked = arrows.fork("forked")
    forked.delete(ids=["ash"])
    assert forked.get()["ids"] == ["fir"] and arrows.get()["ids"] == ["ash", "fir"]
    client.delete_collection("forked")


def searches(arrows):
    from chromadb import K, Knn, Search

    search = Search().where(K("weight") > 0).rank(Knn(query=[1.0, 0.0, 0.0])).limit(1).select(K.DOCUMENT, K.SCORE)
    found = arrows.search(search)
    assert found["ids"] == [["ash"]] and found["scores"] == [[0.0]]


def weighs_words_as_the_client_does(client):
    """The server makes the vectors of texts that nobody embedded, here of a caller without any client."""
    from chromadb.utils.embedding_functions import ChromaBm25EmbeddingFunction

    index = {"enabled": True, "config": {"source_key": "#document", "bm25": True}}
    schema = {"defaults": {}, "keys": {"bm25": {"sparse_vector": {"sparse_vector_index": index}}}}
    path = f"http://{HOST}:{PORT}/api/v2/tenants/default_tenant/databases/default_database/collections"
    words = post(path, {"name": "words", "schema": schema})
    texts = [
        "The quick brown foxes were jumping over lazily sleeping dogs, running happily!",
        "A lighthouse guides ships, and ships follow; skies, dying, lying, news and innings",
        "e-mails in a naïve café: 3.14 and " + "x" * 50,
    ]
    records = {"ids": ["a", "b", "c"], "embeddings": [[1.0]] * 3, "documents": texts}
    post(f"{path}/{words['id']}/add", records)
    metadatas = client.get_collection("words", embedding_function=None).get()["metadatas"]
    for metadata, expected in zip(metadatas, ChromaBm25EmbeddingFunction()(texts)):
        made = metadata["bm25"]
        assert list(made.indices) == list(expected.indices)
        assert numpy.allclose(made.values, expected.values, rtol=1e-6)
    client.delete_collection("words")


def post(url, body):
    request = urllib.request.Request(url, json.dumps(body).encode(), {"content-type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def serves_langchain(client):
    from langchain_chroma import Chroma
    from langchain_core.documents import Document
    from langchain_core.embeddings import Embeddings

    class LetterCounts(Embeddings):
        def embed_query(self, text):
            return [float(text.count(letter)) for letter in "abc"]

        def embed_documents(self, texts):
            return [self.embed_query(text) for text in texts]

    store = Chroma(client=client, collection_name="letters", embedding_function=LetterCounts())
    store.add_documents(
        [Document("aaa", metadata={"n": 1}), Document("aab", metadata={"n": 2}), Document("ccc", metadata={"n": 3})],
        ids=["1", "2", "3"],
    )
    found = store.similarity_search_with_score("aaa", k=2)
    assert [(each.page_content, score) for each, score in found] == [("aaa", 0.0), ("aab", 2.0)]
    assert [each.id for each in store.similarity_search("aaa", k=3, filter={"n": {"$gt": 1}})] == ["2", "3"]
    assert [each.id for each in store.similarity_search("aaa", k=3, where_document={"$contains": "cc"})] == ["3"]
    assert len(store.max_marginal_relevance_search("aab", k=2, fetch_k=3)) == 2
    store.update_document("3", Document("abc", metadata={"n": 4}))
    assert [each.page_content for each in store.get_by_ids(["3"])] == ["abc"]
    store.delete(["1"])
    assert store.get()["ids"] == ["2", "3"]
    store.reset_collection()
    assert store.get()["ids"] == []
    store.delete_collection()


def main():
    client = connected()
    measures_by_each_space(client)
    adds_many_and_finds_them(client)
    arrows = filters_by_every_operator(client)
    updates_merges_and_deletes(arrows)
    refuses_as_the_client_knows_it(client, arrows)
    forks(client, arrows)
    searches(arrows)
    renames_lists_and_drops(client, arrows)
    weighs_words_as_the_client_does(client)
    serves_langchain(client)
    client.delete_collection("many")
    print("the story ends well")


main()
