// Asks questions and keeps a standing query over one WebSocket: node --experimental-websocket stream.mjs HOST PORT
// (from Node 22 on without the option). docs/websocket.md is the protocol.
import assert from "node:assert";

const [host, port] = process.argv.slice(2);
const collections = `http://${host}:${port}/api/v2/tenants/default_tenant/databases/default_database/collections`;

async function post(path, body) {
    const response = await fetch(collections + path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
    });
    assert(response.ok, await response.clone().text());
    return response.json();
}

const { id } = await post("", { name: "streamed-from-javascript" });
await post(`/${id}/add`, { ids: ["ash", "yew"], embeddings: [[1, 0], [0, 1]] });

const socket = new WebSocket(`${collections.replace("http", "ws")}/${id}/stream`);
await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
});

const waiting = new Map(); // id of a question -> who waits for the answer
const events = []; // of the standing query
let onEvent = () => {};
socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    if (message.id === "watch") {
        events.push(message);
        onEvent();
    } else {
        waiting.get(message.id)(message);
        waiting.delete(message.id);
        socket.send(JSON.stringify({ type: "credit", results: 1 }));
    }
};
const send = (message) => socket.send(JSON.stringify(message));
const ask = (question) => new Promise((resolve) => {
    waiting.set(question.id, resolve);
    send(question);
});
const event = (count) => new Promise((resolve) => {
    onEvent = () => events.length >= count && resolve(events[count - 1]);
    onEvent();
});

const questions = [...Array(100).keys()].map((i) => ask({ type: "query", id: i, query_embeddings: [[1, i]], n_results: 1 }));
const answers = await Promise.all(questions);
assert.deepStrictEqual(answers.map((answer) => answer.ids[0][0]), answers.map((_, i) => (i <= 1 ? "ash" : "yew")));

send({ type: "watch", id: "watch", query_embeddings: [[1, 0]], n_results: 1 });
assert.deepStrictEqual((await event(1)).ids, ["ash"]);
await post(`/${id}/delete`, { ids: ["ash"] });
assert.deepStrictEqual((await event(2)).left, [{ id: "ash", reason: "deleted" }]);
socket.close(1000);
console.log("the stream ends well");
