import { DTYPE_BITS } from "../../safetensors/dtype.ts";
import type { Stretch } from "../engine.ts";
import { type NarrowFloat, narrowFloat } from "../narrow-float.ts";
import { FORMAT_WORDS, formatWords } from "./float-format.ts";
import { refusal } from "./gpu-error.ts";
import { COUNTS, RUN_ELEMENTS, RUN_SUMS } from "./pair-stats.wgsl.ts";
import type { DispatchResult } from "./result-stats.ts";

/** Bytes of one side of a dispatch, at most. Short ones keep a browser from taking a slow device for a hung one. */
const SIDE_BYTES = 2 ** 21;

/** Enough to fill a large device; beyond it a workgroup takes another run instead of a histogram of its own. */
export const MAX_WORKGROUPS = 128;

/** Of the widest dtype there are the fewest elements, of the narrowest the most: one byte each. */
const MAX_RUNS = SIDE_BYTES / RUN_ELEMENTS;
const COUNT_BYTES = 4 * COUNTS.length;
const RUN_BYTES = 4 * RUN_SUMS;

/** The uniform's u32s: elements, runs, two unused, the formats of A and B. */
const HEAD_WORDS = 4;
const UNIFORM_BYTES = 4 * (HEAD_WORDS + 2 * FORMAT_WORDS);

/** Mapped ranges begin at multiples of 8 bytes, and copies are of whole u32s. */
const aligned = (bytes: number): number => 8 * Math.ceil(bytes / 8);

/** Elements of one dispatch, at most; the same for every stretch of these dtypes, so that reruns cut alike. */
export function dispatchElements(dtypeA: NarrowFloat, dtypeB: NarrowFloat): number {
  return (8 * SIDE_BYTES) / Math.max(DTYPE_BITS[dtypeA], DTYPE_BITS[dtypeB]);
}

/** The layout of the shader's bindings. */
export function bindingsOf(device: GPUDevice): GPUBindGroupLayout {
  const types: GPUBufferBindingType[] = ["read-only-storage", "read-only-storage", "storage", "storage", "uniform"];
  const entries = types.map((type, binding) => ({ binding, visibility: GPUShaderStage.COMPUTE, buffer: { type } }));
  return device.createBindGroupLayout({ entries });
}

/** What the shader is told of a stretch that it gets at once. */
export function uniformOf({ dtypeA, dtypeB, count }: Stretch): Uint32Array {
  const words = new Uint32Array(UNIFORM_BYTES / 4);
  words.set([count, Math.ceil(count / RUN_ELEMENTS)]);
  words.set(formatWords(narrowFloat(dtypeA)), HEAD_WORDS);
  words.set(formatWords(narrowFloat(dtypeB)), HEAD_WORDS + FORMAT_WORDS);
  return words;
}

/** One set of the ring: the buffers of a dispatch, 8 MiB on the device, half of it to upload through. One stretch at a time. */
export class Dispatch {
  readonly #device: GPUDevice;
  readonly #staging: GPUBuffer;
  readonly #a: GPUBuffer;
  readonly #b: GPUBuffer;
  readonly #counts: GPUBuffer;
  readonly #sums: GPUBuffer;
  readonly #uniform: GPUBuffer;
  readonly #readback: GPUBuffer;
  readonly #bindings: GPUBindGroup;
  readonly #all: GPUBuffer[] = [];

  constructor(device: GPUDevice, layout: GPUBindGroupLayout) {
    const { STORAGE, UNIFORM, COPY_DST, COPY_SRC, MAP_READ, MAP_WRITE } = GPUBufferUsage;
    const buffer = (size: number, usage: number) => {
      const made = device.createBuffer({ size, usage });
      this.#all.push(made);
      return made;
    };
    this.#device = device;
    this.#staging = buffer(UNIFORM_BYTES + 2 * SIDE_BYTES, MAP_WRITE | COPY_SRC);
    this.#a = buffer(SIDE_BYTES, STORAGE | COPY_DST);
    this.#b = buffer(SIDE_BYTES, STORAGE | COPY_DST);
    this.#counts = buffer(COUNT_BYTES, STORAGE | COPY_DST | COPY_SRC);
    this.#sums = buffer(RUN_BYTES * MAX_RUNS, STORAGE | COPY_SRC);
    this.#uniform = buffer(UNIFORM_BYTES, UNIFORM | COPY_DST);
    this.#readback = buffer(COUNT_BYTES + RUN_BYTES * MAX_RUNS, MAP_READ | COPY_DST);
    const bound = [this.#a, this.#b, this.#counts, this.#sums, this.#uniform];
    const entries = bound.map((each, binding) => ({ binding, resource: { buffer: each } }));
    this.#bindings = device.createBindGroup({ layout, entries });
  }

  /**
   * Runs `pipeline` over at most `dispatchElements` elements. Rejects with `GpuFailed` where the device refuses a
   * command, and with a DOMException where there is no refusal and the buffers cannot be mapped: the device is lost.
   */
  async run(pipeline: GPUComputePipeline, stretch: Stretch): Promise<DispatchResult> {
    const runs = Math.ceil(stretch.count / RUN_ELEMENTS);
    const resultBytes = COUNT_BYTES + RUN_BYTES * runs;
    await this.#checked(() => this.#upload(stretch));
    await this.#checked(() => {
      this.#submit(pipeline, stretch, runs);
      return this.#readback.mapAsync(GPUMapMode.READ, 0, resultBytes);
    });
    const result = this.#readback.getMappedRange(0, resultBytes).slice(0);
    this.#readback.unmap();
    return {
      counts: new Uint32Array(result, 0, COUNTS.length),
      sums: new Float32Array(result, COUNT_BYTES, RUN_SUMS * runs),
    };
  }

  /**
   * Mapped only as far as it is filled, for a browser copies all that is mapped to the process that owns the device.
   * The mapping takes a moment, in which the ring's other sets are at work; all in all this is no slower in Chromium than
   * `writeBuffer`, and its memory is the ring's own instead of as much as the queue happens to need.
   */
  async #upload(stretch: Stretch): Promise<void> {
    const atB = UNIFORM_BYTES + aligned(stretch.a.byteLength);
    const bytes = atB + aligned(stretch.b.byteLength);
    await this.#staging.mapAsync(GPUMapMode.WRITE, 0, bytes);
    const mapped = this.#staging.getMappedRange(0, bytes);
    new Uint32Array(mapped, 0, UNIFORM_BYTES / 4).set(uniformOf(stretch));
    new Uint8Array(mapped).set(stretch.a, UNIFORM_BYTES);
    new Uint8Array(mapped).set(stretch.b, atB);
    this.#staging.unmap();
  }

  #submit(pipeline: GPUComputePipeline, { a, b }: Stretch, runs: number): void {
    const commands = this.#device.createCommandEncoder();
    const [bytesA, bytesB] = [aligned(a.byteLength), aligned(b.byteLength)];
    commands.copyBufferToBuffer(this.#staging, 0, this.#uniform, 0, UNIFORM_BYTES);
    commands.copyBufferToBuffer(this.#staging, UNIFORM_BYTES, this.#a, 0, bytesA);
    commands.copyBufferToBuffer(this.#staging, UNIFORM_BYTES + bytesA, this.#b, 0, bytesB);
    commands.clearBuffer(this.#counts);
    const pass = commands.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, this.#bindings);
    pass.dispatchWorkgroups(Math.min(runs, MAX_WORKGROUPS));
    pass.end();
    commands.copyBufferToBuffer(this.#counts, 0, this.#readback, 0, COUNT_BYTES);
    commands.copyBufferToBuffer(this.#sums, 0, this.#readback, COUNT_BYTES, RUN_BYTES * runs);
    this.#device.queue.submit([commands.finish()]);
  }

  /** Settles as `work` does, but with what the device found wrong with the commands that `work` gives at once. */
  async #checked(work: () => Promise<unknown>): Promise<void> {
    const scopes = ["validation", "out-of-memory", "internal"] as const;
    for (const scope of scopes) this.#device.pushErrorScope(scope);
    const worked = work();
    const popped = scopes.map(() => this.#device.popErrorScope());
    const [[outcome], errors] = await Promise.all([Promise.allSettled([worked]), Promise.allSettled(popped)]);
    // Refusals are looked at first: the mapping may fail because of one.
    const refused = errors.find((each) => each.status === "fulfilled" && each.value !== null);
    if (refused?.status === "fulfilled" && refused.value) throw refusal(refused.value);
    if (outcome.status === "rejected") throw outcome.reason;
  }

  destroy(): void {
    for (const buffer of this.#all) buffer.destroy();
  }
}
