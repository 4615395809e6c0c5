import { MessageChannel, type MessagePort as NodePort } from "node:worker_threads";
import { type Endpoint, expose, type Remote, transfer, wrap } from "comlink";
import { afterEach, describe, expect, it, test } from "vitest";
import type { Engine } from "../kernels/engine.ts";
import { emptyPairStats, type PairStats } from "../kernels/pair-stats.ts";
import { localComputer } from "../reading/stretch-computer.ts";
import type { ComputeApi } from "../reading/worker-contract.ts";
import { DTYPE_BITS, type Dtype } from "../safetensors/dtype.ts";
import { deviceComputer } from "./device-computer.ts";

/** An engine that signs what it computes: the sign is in `sumA2`. */
const engine = (name: Engine["name"], sign: number): Engine => ({
  name,
  pairStats: ({ count }) => ({ ...emptyPairStats(), count, sumA2: sign }),
  close: () => undefined,
});
const WASM = engine("wasm", 1);
const REFERENCE = engine("reference", 2);
const DEVICE = 3;

/** Who computes a pair of dtypes where wasm or the device is the engine. */
const PAIRS: [a: Dtype, b: Dtype, reference: boolean][] = [
  ["BF16", "BF16", false],
  ["F16", "F32", false],
  ["F32", "F32", false],
  ["F64", "F64", true],
  ["BF16", "F64", true],
  ["I8", "BF16", true],
  ["U64", "I64", true],
];

const ports: NodePort[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

/** The device worker at the other end of a port, as far as computing goes. */
function device(): Remote<ComputeApi> {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  const api: ComputeApi = {
    async pairStats({ count, a, b }) {
      const stats: PairStats = { ...emptyPairStats(), count, sumA2: DEVICE, sumD: a[0] + b[0] };
      const [x, y] = [a as Uint8Array<ArrayBuffer>, b as Uint8Array<ArrayBuffer>];
      return transfer({ stats, a: x, b: y }, [x.buffer, y.buffer]);
    },
  };
  expose(api, port1 as unknown as Endpoint);
  return wrap<ComputeApi>(port2 as unknown as Endpoint);
}

function stretchOf(dtypeA: Dtype, dtypeB: Dtype) {
  const bytes = (dtype: Dtype, first: number) => new Uint8Array((DTYPE_BITS[dtype] / 8) * 4).fill(first);
  return { dtypeA, a: bytes(dtypeA, 5), dtypeB, b: bytes(dtypeB, 7), count: 4 };
}

describe.each(["wasm", "wgsl"] as const)("with %s for an engine", (name) => {
  test.each(PAIRS)("%s and %s are the reference's: %s", async (dtypeA, dtypeB, isReference) => {
    const computer = name === "wasm" ? localComputer(WASM, REFERENCE) : deviceComputer(device(), REFERENCE);
    const given = stretchOf(dtypeA, dtypeB);
    const { stats, a, b } = await computer.compute(given);
    expect(stats.sumA2).toBe(isReference ? 2 : name === "wasm" ? 1 : DEVICE);
    expect(computer.engineFor({ dtypeA, dtypeB })).toBe(isReference ? "reference" : name);
    expect([a, b]).toEqual([stretchOf(dtypeA, dtypeB).a, stretchOf(dtypeA, dtypeB).b]);
  });
});

describe("deviceComputer", () => {
  it("gives the buffers away and gets them back; nothing is copied", async () => {
    const given = stretchOf("BF16", "F32");
    const { a, b, stats } = await deviceComputer(device(), REFERENCE).compute(given);
    expect([given.a.length, given.b.length]).toEqual([0, 0]);
    expect([a.length, b.length]).toEqual([8, 16]);
    expect(stats).toEqual({ ...emptyPairStats(), count: 4, sumA2: DEVICE, sumD: 12 });
  });

  it("passes on the device's error", async () => {
    const lost = {
      pairStats: () => Promise.reject(new Error("The device was lost.")),
    } as unknown as Remote<ComputeApi>;
    const computing = deviceComputer(lost, REFERENCE).compute(stretchOf("BF16", "BF16"));
    await expect(computing).rejects.toThrow("The device was lost.");
  });
});
