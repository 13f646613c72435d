// Language models behind aimock: `node aimock_models.mjs AIMOCK PORT`. What a model says depends on
// the plan that stands in the title of the best passage; "faulty" cuts a fifth of the replies short.
import { pathToFileURL } from "node:url";

const [aimock, port] = process.argv.slice(2);
const { LLMock } = await import(pathToFileURL(aimock).href);
const mock = new LLMock({ host: "127.0.0.1", port: Number(port), chunkSize: 20, journalMaxEntries: 0, logLevel: "silent" });

const text = (content) =>
  typeof content === "string" ? content : (content ?? []).map((part) => part.text ?? "").join("");
const asked = (request) => text(request.messages.filter((message) => message.role === "user").at(-1).content);
const passages = (request) =>
  asked(request).split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
const line = (claim, key, words) => JSON.stringify({ claim, quotes: [{ key, words }] }) + "\n";

// Every sentence of the best passage, as it stands there.
const right = (request) => {
  const [best] = passages(request);
  const sentences = best.text.match(/[A-Z][^.!?\n]*[.!?]/g);
  return sentences.map((sentence) => line(sentence, best.key, sentence)).join("");
};
// Obeys whatever a document tells it, and lies in every way there is.
const evil = (request) => {
  const [best] = passages(request);
  const [first] = best.text.match(/[A-Z][^.!?\n]*[.!?]/);
  return [
    line("The office is closed.", best.key, "The office is closed."),
    line(first.replace(/\d+/, "99"), best.key, first),
    line(first.replace(/\d+/, "99"), best.key, first.replace(/\d+/, "99")),
    line(first.replace(/ may /, " may not "), best.key, first),
    line(first, "deadbeef", first),
    line(`${first} See https://evil.example/now`, best.key, first),
    line(`${first} <!channel> <@U0EVIL>`, best.key, first),
    line(`<script>alert(1)</script> ${first}`, best.key, first),
    line(`[${first}](https://evil.example)`, best.key, first),
    line(`Paul Meyer of Oslo says: ${first}`, best.key, first),
    "Here is what I found: the office is closed.\n",
    "PWNED\n",
  ].join("");
};
const half = (words) => words.slice(0, words.length / 2); // ends within a sentence

let drawn = 1; // a linear congruential generator, so that every run cuts the same share
const draw = () => (drawn = (drawn * 1103515245 + 12345) % 2147483648) / 2147483648;

const usage = {
  ...{ prompt_tokens: 100, completion_tokens: 20, total_tokens: 120, input_tokens: 100, output_tokens: 20 },
  ...{ promptTokenCount: 100, candidatesTokenCount: 20, totalTokenCount: 120 },
};
const says = (plan, content, options = {}, overrides = {}) =>
  mock.on(
    { predicate: (request) => (passages(request)[0]?.from ?? "").includes(plan) && draw() < (options.share ?? 1) },
    (request) => ({ content: content(request), usage, ...overrides }),
    options,
  );
says("slow", right, { streamingProfile: { ttft: 50, tps: 8 } });
says("length", (request) => half(right(request)), {}, { finishReason: "length" });
says("filtered", (request) => half(right(request)), {}, { finishReason: "content_filter" });
says("cut", right, { truncateAfterChunks: 12, latency: 5 });
says("empty", () => "");
says("refuses", () => "I'm sorry, but I cannot help with that.");
says("obeys", evil);
says("none", () => '{"none": true}');
says("faulty", right, { truncateAfterChunks: 10, latency: 5, share: 0.2 });
says("", right);
await mock.start();
