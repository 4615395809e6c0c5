import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Engine, Stretch } from "../engine.ts";
import { emptyPairStats, type PairStats } from "../pair-stats.ts";
import { FakeDevice, GPU_GLOBALS } from "./testing/fake-device.ts";
import { createWgslEngine, RING } from "./wgsl-engine.ts";

/** Elements of a dispatch of F32. */
const DISPATCH = 2 ** 19;
const FROM_FALLBACK = -7;

beforeEach(() => {
  for (const [name, value] of Object.entries(GPU_GLOBALS)) vi.stubGlobal(name, value);
});
afterEach(() => vi.unstubAllGlobals());

/** F32 against itself, with these numbers at the heads of its dispatches; the last is a short one. */
function stretchOf(...heads: number[]): Stretch {
  const count = (heads.length - 1) * DISPATCH + 100;
  const values = new Float32Array(count);
  for (const [i, head] of heads.entries()) values[i * DISPATCH] = head;
  const bytes = new Uint8Array(values.buffer);
  return { dtypeA: "F32", a: bytes, dtypeB: "F32", b: bytes, count };
}

function setUp() {
  const device = new FakeDevice();
  const redone: Stretch[] = [];
  const losses: string[] = [];
  const fallback: Engine = {
    name: "wasm",
    pairStats(stretch) {
      redone.push(stretch);
      return { ...emptyPairStats(), count: stretch.count, sumA2: FROM_FALLBACK };
    },
    close() {},
  };
  const engine = createWgslEngine(device.asDevice, fallback, { onLost: (sentence) => losses.push(sentence) });
  return { device, redone, losses, engine };
}

/** Resolves when everything has happened that happens without an answer of the device. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Answers until `work` is done; never more than the ring holds may wait. */
async function answered<T>(device: FakeDevice, work: Promise<T>): Promise<T> {
  let done = false;
  const end = work.finally(() => {
    done = true;
  });
  while (!done) {
    await settled();
    expect(device.waiting.length).toBeLessThanOrEqual(RING);
    device.answerAll();
  }
  return end;
}

const message = (work: Promise<PairStats>) =>
  work.then(
    () => "it did not fail",
    (error: Error) => `${error.name}: ${error.message}`,
  );
const heads = (all: PairStats[]) => all.map(({ sumA2 }) => sumA2);

describe("several stretches at once", () => {
  test("fill the ring and no more, and each gets its own numbers", async () => {
    const { device, engine } = setUp();
    const numbers = Array.from({ length: 3 * RING + 1 }, (_, i) => i + 1);
    const work = Promise.all(numbers.map((n) => engine.pairStats(stretchOf(n))));
    await settled();
    expect(device.submissions).toBe(RING);
    const all = await answered(device, work);
    expect(heads(all)).toEqual(numbers);
    expect(all.map(({ count, nonFinite }) => [count, nonFinite])).toEqual(numbers.map(() => [100, 100]));
    const uploads = device.buffers.filter(({ usage }) => usage & GPU_GLOBALS.GPUBufferUsage.MAP_WRITE);
    expect(uploads).toHaveLength(RING);
    // As the engine says of its memory.
    const bytes = device.buffers.reduce((sum, buffer) => sum + buffer.bytes.length, 0);
    expect(bytes / 2 ** 20).toBeGreaterThan(32);
    expect(bytes / 2 ** 20).toBeLessThan(33);
  });

  test("are added up in the order of their elements, whatever the order of the answers", async () => {
    const { device, engine } = setUp();
    // In another order the ones would not get lost.
    const stats = await answered(device, engine.pairStats(stretchOf(2 ** 53, 1, 1)));
    expect(stats.sumA2).toBe(2 ** 53);
    expect(stats.count).toBe(2 * DISPATCH + 100);
  });

  test("only the dispatch with values outside is redone", async () => {
    const { device, engine, redone } = setUp();
    const stats = await answered(device, engine.pairStats(stretchOf(5, -1, 6)));
    expect(redone.map(({ count }) => count)).toEqual([DISPATCH]);
    expect(stats.sumA2).toBe(5 + FROM_FALLBACK + 6);
  });
});

describe("a lost device", () => {
  test("leaves what it had not answered to the fallback, and is told of once", async () => {
    const { device, engine, redone, losses } = setUp();
    const numbers = [1, 2, 3, 4, 5, 6];
    const all = numbers.map((n) => engine.pairStats(stretchOf(n)));
    await settled();
    device.waiting.shift()?.resolve();
    await all[0];
    device.destroy();
    expect(heads(await Promise.all(all))).toEqual([1, ...numbers.slice(1).map(() => FROM_FALLBACK)]);
    const { submissions } = device;
    expect((await engine.pairStats(stretchOf(7, 8))).sumA2).toBe(2 * FROM_FALLBACK);
    expect(device.submissions).toBe(submissions);
    expect(redone).toHaveLength(7);
    expect(losses).toEqual([expect.stringMatching(/^The graphics device was lost.*goes on with the engine “wasm”\.$/)]);
  });

  test("that was idle is told of with its reason, and once", async () => {
    const { device, engine, losses } = setUp();
    await answered(device, engine.pairStats(stretchOf(1)));
    device.destroy();
    await settled();
    expect(losses).toEqual(["The graphics device was lost (unplugged); the scan goes on with the engine “wasm”."]);
    expect((await engine.pairStats(stretchOf(2))).sumA2).toBe(FROM_FALLBACK);
    expect(losses).toHaveLength(1);
  });

  test("is no loss where the engine was closed before", async () => {
    const { device, engine, losses } = setUp();
    engine.close();
    device.destroy();
    await settled();
    expect(losses).toEqual([]);
    expect((await engine.pairStats(stretchOf(2))).sumA2).toBe(FROM_FALLBACK);
  });
});

describe("what the device refuses", () => {
  const SENTENCE = "GpuFailed: The graphics device refused a command (no good). Choose the engine “wasm” instead.";

  test("outside of the engine fails the calls under way, those that wait and those that follow", async () => {
    const { device, engine, redone, losses } = setUp();
    const all = Array.from({ length: 2 * RING }, (_, i) => message(engine.pairStats(stretchOf(i))));
    await settled();
    device.fail("no good\nat some place");
    device.fail("another");
    const sentences = await answered(device, Promise.all(all));
    expect(sentences).toEqual(all.map(() => SENTENCE));
    expect(await message(engine.pairStats(stretchOf(1)))).toBe(SENTENCE);
    expect(device.submissions).toBe(RING);
    expect({ redone, losses }).toEqual({ redone: [], losses: [] });
  });

  test("of the engine's own fails every call from then on", async () => {
    const { device, engine, redone } = setUp();
    await answered(device, engine.pairStats(stretchOf(1)));
    device.refusal = { message: "no good" };
    expect(await answered(device, message(engine.pairStats(stretchOf(2))))).toBe(SENTENCE);
    expect(await answered(device, message(engine.pairStats(stretchOf(3))))).toBe(SENTENCE);
    expect(redone).toEqual([]);
  });
});
