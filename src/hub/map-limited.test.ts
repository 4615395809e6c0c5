import { expect, it } from "vitest";
import { mapLimited } from "./map-limited.ts";

it.each([
  { items: 0, limit: 3, most: 0 },
  { items: 2, limit: 3, most: 2 },
  { items: 20, limit: 3, most: 3 },
])("runs $items items at most $limit at a time, results in order", async ({ items, limit, most }) => {
  let [running, peak] = [0, 0];
  const numbers = Array.from({ length: items }, (_, i) => i);
  const doubled = await mapLimited(numbers, limit, undefined, async (n) => {
    peak = Math.max(peak, ++running);
    for (let turns = 0; turns < (n % 4) + 1; turns++) await Promise.resolve();
    running--;
    return n * 2;
  });
  expect(doubled).toEqual(numbers.map((n) => n * 2));
  expect(peak).toBe(most);
});

it("aborts the others on the first failure and starts no more", async () => {
  const failure = new Error("third");
  const started: number[] = [];
  const stopped: unknown[] = [];
  const run = mapLimited([1, 2, 3, 4, 5], 3, undefined, async (n, signal) => {
    started.push(n);
    if (n === 3) throw failure;
    await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    stopped.push(n);
  }).catch((error: unknown) => error);
  expect(await run).toBe(failure);
  expect([started, stopped]).toEqual([[1, 2, 3], []]);
});

it("passes an abort on", async () => {
  const stop = new AbortController();
  const run = mapLimited([1, 2], 1, stop.signal, async (_, signal) => {
    stop.abort();
    signal.throwIfAborted();
  });
  await expect(run).rejects.toMatchObject({ name: "AbortError" });
});
