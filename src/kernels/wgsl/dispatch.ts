import type { Stretch } from "../engine.ts";
import { GpuError } from "./gpu-error.ts";
import { COUNTS, RUN_ELEMENTS, RUN_SUMS } from "./pair-stats.wgsl.ts";

/** Elements of one dispatch. Short ones keep a browser from taking a slow device for a hung one. */
export const DISPATCH_ELEMENTS = 2 ** 20;

const RUNS = DISPATCH_ELEMENTS / RUN_ELEMENTS;
const COUNT_BYTES = 4 * COUNTS.length;
const SUM_BYTES = 4 * RUN_SUMS * RUNS;

/** What the shader wrote: `COUNTS.length` u32, and `RUN_SUMS` float32 for each run, in order. */
export interface DispatchResult {
  counts: Uint32Array;
  sums: Float32Array;
}

/** Writes `bytes`, of any length and alignment, to the start of `buffer`; up to three bytes behind become zero. */
function write(queue: GPUQueue, buffer: GPUBuffer, bytes: Uint8Array<ArrayBuffer>): void {
  const whole = bytes.byteLength - (bytes.byteLength % 4);
  if (whole > 0) queue.writeBuffer(buffer, 0, bytes, 0, whole);
  if (whole === bytes.byteLength) return;
  const rest = new Uint8Array(4);
  rest.set(bytes.subarray(whole));
  queue.writeBuffer(buffer, whole, rest);
}

/** The layout of the shader's bindings. */
export function bindingsOf(device: GPUDevice): GPUBindGroupLayout {
  const types: GPUBufferBindingType[] = ["read-only-storage", "read-only-storage", "storage", "storage", "uniform"];
  const entries = types.map((type, binding) => ({ binding, visibility: GPUShaderStage.COMPUTE, buffer: { type } }));
  return device.createBindGroupLayout({ entries });
}

/** The buffers of one dispatch, about 8 MiB on the device. One stretch at a time. */
export class Dispatch {
  readonly #device: GPUDevice;
  readonly #a: GPUBuffer;
  readonly #b: GPUBuffer;
  readonly #counts: GPUBuffer;
  readonly #sums: GPUBuffer;
  readonly #size: GPUBuffer;
  readonly #readback: GPUBuffer;
  readonly #bindings: GPUBindGroup;

  constructor(device: GPUDevice, layout: GPUBindGroupLayout) {
    const { STORAGE, UNIFORM, COPY_DST, COPY_SRC, MAP_READ } = GPUBufferUsage;
    this.#device = device;
    this.#a = device.createBuffer({ size: 4 * DISPATCH_ELEMENTS, usage: STORAGE | COPY_DST });
    this.#b = device.createBuffer({ size: 4 * DISPATCH_ELEMENTS, usage: STORAGE | COPY_DST });
    this.#counts = device.createBuffer({ size: COUNT_BYTES, usage: STORAGE | COPY_DST | COPY_SRC });
    this.#sums = device.createBuffer({ size: SUM_BYTES, usage: STORAGE | COPY_SRC });
    this.#size = device.createBuffer({ size: 16, usage: UNIFORM | COPY_DST });
    this.#readback = device.createBuffer({ size: COUNT_BYTES + SUM_BYTES, usage: MAP_READ | COPY_DST });
    const bound = [this.#a, this.#b, this.#counts, this.#sums, this.#size];
    const entries = bound.map((buffer, binding) => ({ binding, resource: { buffer } }));
    this.#bindings = device.createBindGroup({ layout, entries });
  }

  /**
   * Runs `pipeline` over at most `DISPATCH_ELEMENTS` elements. Rejects with `GpuFailed` where the device refuses a
   * command, and with whatever `mapAsync` rejects with where the device was lost.
   */
  async run(pipeline: GPUComputePipeline, stretch: Stretch): Promise<DispatchResult> {
    const refused = this.#submit(pipeline, stretch);
    const mapped = this.#readback.mapAsync(GPUMapMode.READ);
    // Refusals are looked at first: the mapping may fail because of one.
    const [refusal] = await Promise.allSettled([refused, mapped]);
    try {
      if (refusal.status === "fulfilled" && refusal.value) throw refusal.value;
      await mapped;
      const result = this.#readback.getMappedRange().slice(0);
      const runs = Math.ceil(stretch.count / RUN_ELEMENTS);
      return {
        counts: new Uint32Array(result, 0, COUNTS.length),
        sums: new Float32Array(result, COUNT_BYTES, RUN_SUMS * runs),
      };
    } finally {
      this.#readback.unmap();
    }
  }

  /** Resolves with what the device found wrong, or null. */
  async #submit(pipeline: GPUComputePipeline, { a, b, count }: Stretch): Promise<GpuError | null> {
    const device = this.#device;
    const scopes = ["validation", "out-of-memory", "internal"] as const;
    for (const scope of scopes) device.pushErrorScope(scope);
    // A stretch's bytes are its own or lent to it by transfer; shared memory is not used anywhere.
    write(device.queue, this.#a, a as Uint8Array<ArrayBuffer>);
    write(device.queue, this.#b, b as Uint8Array<ArrayBuffer>);
    device.queue.writeBuffer(this.#size, 0, new Uint32Array([count, 0, 0, 0]));
    const commands = device.createCommandEncoder();
    commands.clearBuffer(this.#counts);
    const pass = commands.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, this.#bindings);
    pass.dispatchWorkgroups(Math.ceil(count / RUN_ELEMENTS));
    pass.end();
    commands.copyBufferToBuffer(this.#counts, 0, this.#readback, 0, COUNT_BYTES);
    commands.copyBufferToBuffer(this.#sums, 0, this.#readback, COUNT_BYTES, SUM_BYTES);
    device.queue.submit([commands.finish()]);
    const errors = await Promise.all(scopes.map(() => device.popErrorScope()));
    const error = errors.find((each) => each !== null);
    return error ? new GpuError("GpuFailed", refusalSentence(error), { cause: error }) : null;
  }

  destroy(): void {
    for (const buffer of [this.#a, this.#b, this.#counts, this.#sums, this.#size, this.#readback]) buffer.destroy();
  }
}

/** The device's own words run over many lines; the first says what was wrong. */
export function refusalSentence(error: { message: string }): string {
  const [first] = error.message.split("\n");
  return `The graphics device refused a command (${first}). Choose the engine “wasm” instead.`;
}
