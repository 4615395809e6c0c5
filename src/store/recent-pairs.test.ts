import { afterEach, expect, it, test, vi } from "vitest";
import { keepRecentPairs, type RecentPair, readRecentPairs, withRecentPair } from "./recent-pairs.ts";

const HUB = "https://huggingface.co";
const COMMITS = ["0".repeat(40), "1".repeat(40)];
const pair = (a: string, b: string, hub = HUB): RecentPair => ({ a, b, hub });

function stubStorage(items = new Map<string, string>()) {
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => items.set(key, value),
    removeItem: (key: string) => items.delete(key),
  });
  return items;
}
afterEach(() => {
  vi.unstubAllGlobals();
});

it("has the newest first, each once and eight at most", () => {
  let list: readonly RecentPair[] = [];
  for (let i = 0; i < 10; i++) list = withRecentPair(list, pair("org/base", `org/tuned-${i}`));
  list = withRecentPair(list, pair("org/base", "org/tuned-5"));
  expect(list.map(({ b }) => b)).toEqual([5, 9, 8, 7, 6, 4, 3, 2].map((i) => `org/tuned-${i}`));
});

/** Pairs, and how they are kept; null for not at all. */
const KEPT: [given: [string, string], kept: [string, string] | null][] = [
  [
    ["org/base", "org/tuned:folder"],
    ["org/base", "org/tuned:folder"],
  ],
  [
    [`org/base@${COMMITS[0]}`, `org/tuned@${COMMITS[1]}:folder`],
    ["org/base", "org/tuned:folder"],
  ],
  [
    [`org/base@${COMMITS[0]}`, `org/base@${COMMITS[1]}`],
    [`org/base@${COMMITS[0]}`, `org/base@${COMMITS[1]}`],
  ],
  [
    ["org/base@v1", "https://host.test/model/"],
    ["org/base@v1", "https://host.test/model/"],
  ],
  [
    ["demo:base", "org/tuned"],
    ["demo:base", "org/tuned"],
  ],
  [["demo:base", "demo:tuned"], null],
  [["local:folder", "org/tuned"], null],
  [["org/base", "local:folder"], null],
  [["https://host.test/model.safetensors?key=secret", "org/tuned"], null],
];

test.each(KEPT)("%j is kept as %j", (given, kept) => {
  expect(withRecentPair([], pair(...given))).toEqual(kept ? [pair(...kept)] : []);
});

it("keeps the Hub of each", () => {
  const list = withRecentPair([pair("org/a", "org/b")], pair("org/a", "org/b", "https://mirror.test"));
  expect(list.map(({ hub }) => hub)).toEqual(["https://mirror.test", HUB]);
});

it("is there again in the next visit, and gone when it is cleared", () => {
  const items = stubStorage();
  keepRecentPairs([pair("org/a", "org/b")]);
  expect(readRecentPairs()).toEqual([pair("org/a", "org/b")]);
  keepRecentPairs([]);
  expect([readRecentPairs(), items.size]).toEqual([[], 0]);
});

test.each(["no JSON", "{}", '[{"a":"x","b":"y","hub":"no address"}]', '[{"a":1,"b":"x","hub":"y"},null]'])(
  "takes nothing out of %j",
  (text) => {
    stubStorage(new Map([["auscult.recent", text]]));
    expect(readRecentPairs()).toEqual([]);
  },
);

it("goes without a storage that refuses", () => {
  vi.stubGlobal("localStorage", {
    getItem: () => {
      throw new DOMException("The operation is insecure.", "SecurityError");
    },
  });
  expect(readRecentPairs()).toEqual([]);
  expect(() => keepRecentPairs([pair("org/a", "org/b")])).not.toThrow();
});
