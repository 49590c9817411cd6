// The story of a user of the npm client: node story.mjs HOST PORT
import assert from 'node:assert/strict';
import {
  ChromaClient, ChromaClientError, ChromaNotFoundError, ChromaUniqueError, GroupBy, K, Knn, MinK, Rrf, Search, Val,
} from 'chromadb';

const client = new ChromaClient({ host: process.argv[2], port: Number(process.argv[3]), ssl: false });
assert.match(await client.version(), /^\d+\.\d+\.\d+$/);
assert.ok((await client.heartbeat()) > 0);

for (const space of ['l2', 'cosine', 'ip']) {
  const named = await client.createCollection({
    name: `space-${space}`,
    configuration: { hnsw: { space } },
    embeddingFunction: null,
  });
  await named.add({ ids: ['x', 'y'], embeddings: [[3, 4], [0, 2]] });
  const { distances } = await named.query({ queryEmbeddings: [[0, 1]], nResults: 2 });
  const expected = { l2: [1, 18], cosine: [0, 0.2], ip: [-3, -1] }[space];
  distances[0].forEach((distance, i) => assert.ok(Math.abs(distance - expected[i]) < 1e-6, `${space} ${distances}`));
}

const arrows = await client.createCollection({
  name: 'arrows',
  metadata: { purpose: 'story' },
  embeddingFunction: null,
});
await assert.rejects(client.createCollection({ name: 'arrows', embeddingFunction: null }), ChromaUniqueError);
await assert.rejects(client.getCollection({ name: 'bows', embeddingFunction: null }), ChromaNotFoundError);

await arrows.add({
  ids: ['ash', 'yew', 'oak'],
  embeddings: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  metadatas: [{ weight: 3, straight: true }, { weight: 5.5, tags: ['light', 'long'] }, { weight: 8 }],
  documents: ['an arrow of ash', 'an arrow of yew', 'a bow of oak'],
  uris: ['u:ash', 'u:yew', 'u:oak'],
});
assert.equal(await arrows.count(), 3);

const nearest = await arrows.query({ queryEmbeddings: [[1, 0.1, 0], [0, 0, 2]], nResults: 2 });
assert.deepEqual(nearest.ids, [['ash', 'yew'], ['oak', 'ash']]);
assert.equal(nearest.documents[0][0], 'an arrow of ash');

const ids = async (condition) => (await arrows.get(condition)).ids;
for (const [where, expected] of [
  [{ weight: 3 }, ['ash']],
  [{ weight: { $eq: 5.5 } }, ['yew']],
  [{ straight: { $ne: true } }, ['yew', 'oak']],
  [{ weight: { $gt: 3 } }, ['yew', 'oak']],
  [{ weight: { $gte: 5.5 } }, ['yew', 'oak']],
  [{ weight: { $lt: 5.5 } }, ['ash']],
  [{ weight: { $lte: 5.5 } }, ['ash', 'yew']],
  [{ weight: { $in: [3, 8] } }, ['ash', 'oak']],
  [{ weight: { $nin: [3, 8] } }, ['yew']],
  [{ tags: { $contains: 'long' } }, ['yew']],
  [{ tags: { $not_contains: 'long' } }, ['ash', 'oak']],
  [{ $or: [{ weight: 3 }, { weight: 8 }] }, ['ash', 'oak']],
  [{ $and: [{ weight: { $gt: 3 } }, { weight: { $lt: 8 } }] }, ['yew']],
]) {
  assert.deepEqual(await ids({ where }), expected);
  const queried = await arrows.query({ queryEmbeddings: [[1, 1, 1]], where });
  assert.deepEqual(queried.ids[0].toSorted(), expected.toSorted());
}
for (const [whereDocument, expected] of [
  [{ $contains: 'arrow' }, ['ash', 'yew']],
  [{ $not_contains: 'arrow' }, ['oak']],
  [{ $regex: 'of (yew|oak)$' }, ['yew', 'oak']],
  [{ $not_regex: '(?i)OF ASH' }, ['yew', 'oak']],
  [{ $and: [{ $contains: 'arrow' }, { $contains: 'yew' }] }, ['yew']],
  [{ $or: [{ $contains: 'bow' }, { $contains: 'ash' }] }, ['ash', 'oak']],
]) {
  assert.deepEqual(await ids({ whereDocument }), expected);
}
await assert.rejects(arrows.get({ whereDocument: { $regex: '(' } }), ChromaClientError);
await assert.rejects(arrows.query({ queryEmbeddings: [[1, 0]] }), ChromaClientError);
await assert.rejects(arrows.add({ ids: ['a'], embeddings: [[1, 0]] }), ChromaClientError);
await assert.rejects(client.createCollection({ name: 'x', embeddingFunction: null }), ChromaClientError);
assert.deepEqual(await ids({ limit: 1, offset: 1 }), ['yew']);

const close = (numbers, expected) =>
  numbers.forEach((number, i) => assert.ok(Math.abs(number - expected[i]) < 1e-6, `${numbers}, not ${expected}`));
const east = Knn({ query: [1, 0.5, 0] });
const ranked = await arrows.search([
  new Search().where(K('weight').lt(8)).rank(east).limit(1).select(K.DOCUMENT, K.SCORE, 'weight'),
  new Search().rank(east.multiply(-1).add(Val(2))).selectAll(),
  new Search().where(K.DOCUMENT.contains('bow')),
]);
assert.deepEqual(ranked.ids, [['ash'], ['oak', 'yew', 'ash'], ['oak']]);
assert.deepEqual(ranked.documents[0], ['an arrow of ash']);
assert.deepEqual(ranked.metadatas[0], [{ weight: 3 }]);
close(ranked.scores[0], [0.25]);
close(ranked.scores[1], [-0.25, 0.75, 1.75]);
assert.deepEqual(ranked.embeddings[1].map((embedding) => [...embedding]), [[0, 0, 1], [0, 1, 0], [1, 0, 0]]);
assert.equal(ranked.documents[2], null);
assert.deepEqual(ranked.rows()[0][0].id, 'ash');

const fused = await arrows.search(
  new Search()
    .rank(Rrf({
      ranks: [
        Knn({ query: [1, 0.5, 0], returnRank: true }),
        Knn({ query: [0, 0, 1], returnRank: true, limit: 1, default: 100 }),
      ],
      weights: [2, 1],
    }))
    .select(K.SCORE),
);
assert.deepEqual(fused.ids, [['oak', 'ash', 'yew']]);
close(fused.scores[0], [-(2 / 62 + 1 / 60), -(2 / 60 + 1 / 160), -(2 / 61 + 1 / 160)]);

const grouped = await arrows.search(
  new Search().rank(east).groupBy(new GroupBy([K('straight')], new MinK([K.SCORE], 1))).limit(5),
);
assert.deepEqual(grouped.ids, [['ash', 'yew']]);
await assert.rejects(arrows.search(new Search().rank(Knn({ query: [1, 2] }))), /dimension of 3, got 2/);

const words = await client.createCollection({ name: 'words', embeddingFunction: null });
await words.add({
  ids: ['one', 'two', 'three'],
  embeddings: [[1], [2], [3]],
  metadatas: [{ words: { indices: [3, 9], values: [1, 2] } }, { words: { indices: [9], values: [0.5] } }, { n: 3 }],
});
const bySparse = Knn({ query: { indices: [9], values: [1] }, key: 'words', default: 1 });
const hybrid = await words.search(new Search().rank(Knn({ query: [3] }).add(bySparse)).select(K.SCORE, 'words'));
assert.deepEqual(hybrid.ids, [['three', 'two', 'one']]);
close(hybrid.scores[0], [1, 1.5, 3]);
assert.deepEqual([...hybrid.metadatas[0][1].words.indices], [9]);
await client.deleteCollection({ name: 'words' });

await arrows.update({ ids: ['ash'], metadatas: [{ weight: 4 }], embeddings: [[1, 0, 0]], documents: ['a new arrow of ash'] });
const [ash] = (await arrows.get({ ids: ['ash'] })).metadatas;
assert.deepEqual(ash, { weight: 4, straight: true });
await arrows.upsert({ ids: ['oak', 'elm'], embeddings: [[0, 0, 2], [1, 1, 1]], documents: ['a stave of oak', 'an elm'] });
assert.deepEqual(await ids({}), ['ash', 'yew', 'oak', 'elm']);
const full = await arrows.get({ ids: ['oak'], include: ['embeddings', 'documents', 'metadatas', 'uris'] });
assert.deepEqual([...full.embeddings[0]], [0, 0, 2]);
assert.equal(full.documents[0], 'a stave of oak');
assert.deepEqual(full.metadatas[0], { weight: 8 });
assert.equal(full.uris[0], 'u:oak');

const many = await client.createCollection({ name: 'many', embeddingFunction: null });
const numbers = [...Array(10_000).keys()];
await many.add({
  ids: numbers.map((i) => `r${i}`),
  embeddings: numbers.map((i) => [i, i % 7, i % 11]),
  metadatas: numbers.map((i) => ({ number: i, last: String(i % 10) })),
  documents: numbers.map((i) => `record number ${i}`),
});
assert.equal(await many.count(), numbers.length);
const found = await many.query({ queryEmbeddings: [[5_000, 5_000 % 7, 5_000 % 11]], nResults: 3 });
assert.equal(found.ids[0][0], 'r5000');
assert.equal(found.distances[0][0], 0);
const paged = [];
for (let page; (page = await many.get({ limit: 999, offset: paged.length, include: [] })).ids.length > 0; ) {
  paged.push(...page.ids);
}
assert.deepEqual(paged, numbers.map((i) => `r${i}`));
await client.deleteCollection({ name: 'many' });

const fork = await arrows.fork({ name: 'forked' });
assert.deepEqual(await fork.get(), await arrows.get());
await fork.delete({ ids: ['elm'] });
assert.equal(await fork.count(), (await arrows.count()) - 1);
assert.equal(await arrows.forkCount(), 1);
await client.deleteCollection({ name: 'forked' });

await arrows.delete({ ids: ['elm'] });
await arrows.delete({ where: { weight: { $gte: 5.5 } } });
assert.deepEqual(await ids({}), ['ash']);

await arrows.modify({ name: 'quiver-of-arrows', metadata: { purpose: 'renamed' } });
const renamed = await client.getCollection({ name: 'quiver-of-arrows', embeddingFunction: null });
assert.deepEqual(renamed.metadata, { purpose: 'renamed' });
assert.equal(await client.countCollections(), 4);
await client.deleteCollection({ name: 'quiver-of-arrows' });
assert.equal((await client.listCollections()).length, 3);
console.log('the story ends well');
