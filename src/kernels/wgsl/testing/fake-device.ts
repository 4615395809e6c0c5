import { COUNTS, RUN_ELEMENTS, RUN_SUMS } from "../pair-stats.wgsl.ts";

/*
 * For tests only. A device that carries out copies, and answers when it is told to. In place of the shader it writes down
 * who was there: Σa² of a run is the first float32 of A in it, and a first element of −1 is "outside".
 */

const USAGE = { MAP_READ: 1, MAP_WRITE: 2, COPY_SRC: 4, COPY_DST: 8, UNIFORM: 64, STORAGE: 128 };
const MODE = { READ: 1, WRITE: 2 };

/** What a browser has as globals. */
export const GPU_GLOBALS = { GPUBufferUsage: USAGE, GPUMapMode: MODE, GPUShaderStage: { COMPUTE: 4 } };

const aborted = () => new DOMException("The device is gone.", "AbortError");

interface Wait {
  resolve(): void;
  reject(error: Error): void;
}

class FakeBuffer {
  readonly #device: FakeDevice;
  readonly usage: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  mapped = false;

  constructor(device: FakeDevice, size: number, usage: number) {
    this.#device = device;
    this.usage = usage;
    this.bytes = new Uint8Array(size);
  }

  async mapAsync(mode: number): Promise<void> {
    if (this.#device.isLost) throw aborted();
    if (this.mapped) throw new DOMException("It is mapped.", "OperationError");
    if (mode === MODE.READ) {
      await new Promise<void>((resolve, reject) => this.#device.waiting.push({ resolve, reject }));
    }
    this.mapped = true;
  }

  getMappedRange(offset: number, size: number): ArrayBuffer {
    if (!this.mapped || offset !== 0 || size > this.bytes.length) throw new DOMException("No.", "OperationError");
    return this.bytes.buffer;
  }

  unmap(): void {
    this.mapped = false;
  }

  destroy(): void {}
}

const floats = (buffer: FakeBuffer) => new Float32Array(buffer.bytes.buffer);
const words = (buffer: FakeBuffer) => new Uint32Array(buffer.bytes.buffer);

function runShader([a, , counts, sums, uniform]: FakeBuffer[]): void {
  const [elements, runs] = words(uniform);
  words(counts)[COUNTS.nonFinite] = elements;
  for (let run = 0; run < runs; run++) {
    const first = floats(a)[run * RUN_ELEMENTS];
    if (first === -1) words(counts)[COUNTS.outside] = 1;
    floats(sums).fill(0, run * RUN_SUMS, (run + 1) * RUN_SUMS);
    floats(sums)[run * RUN_SUMS] = first;
  }
}

export class FakeDevice extends EventTarget {
  readonly buffers: FakeBuffer[] = [];
  /** Submissions that have not been answered, in order. */
  readonly waiting: Wait[] = [];
  isLost = false;
  submissions = 0;
  /** Said of the next commands that are looked at. */
  refusal: { message: string } | null = null;
  readonly lost: Promise<{ message: string }>;
  #lose: (info: { message: string }) => void = () => {};
  readonly queue = {
    submit: (commands: (() => void)[][]) => {
      if (this.isLost) return;
      this.submissions++;
      for (const command of commands.flat()) command();
    },
  };

  constructor() {
    super();
    this.lost = new Promise((resolve) => {
      this.#lose = resolve;
    });
  }

  /** As the engine takes it. */
  get asDevice(): GPUDevice {
    return this as unknown as GPUDevice;
  }

  /** Answers the submissions that wait, the latest first. */
  answerAll(): void {
    for (const { resolve } of this.waiting.splice(0).reverse()) resolve();
  }

  destroy(): void {
    this.isLost = true;
    for (const { reject } of this.waiting.splice(0)) reject(aborted());
    this.#lose({ message: "unplugged" });
  }

  /** Something that no error scope was open for. */
  fail(message: string): void {
    this.dispatchEvent(Object.assign(new Event("uncapturederror"), { error: { message } }));
  }

  createBuffer({ size, usage }: { size: number; usage: number }): FakeBuffer {
    const buffer = new FakeBuffer(this, size, usage);
    this.buffers.push(buffer);
    return buffer;
  }

  createBindGroup({ entries }: { entries: { resource: { buffer: FakeBuffer } }[] }): FakeBuffer[] {
    return entries.map(({ resource }) => resource.buffer);
  }

  createCommandEncoder() {
    const commands: (() => void)[] = [];
    let bound: FakeBuffer[] = [];
    return {
      copyBufferToBuffer(from: FakeBuffer, at: number, to: FakeBuffer, toAt: number, size: number) {
        commands.push(() => to.bytes.set(from.bytes.subarray(at, at + size), toAt));
      },
      clearBuffer: (buffer: FakeBuffer) => commands.push(() => buffer.bytes.fill(0)),
      beginComputePass: () => ({
        setPipeline: () => {},
        setBindGroup: (_: number, group: FakeBuffer[]) => {
          bound = group;
        },
        dispatchWorkgroups: () => commands.push(() => runShader(bound)),
        end: () => {},
      }),
      finish: () => commands,
    };
  }

  createBindGroupLayout() {}
  createPipelineLayout() {}
  createShaderModule() {}
  async createComputePipelineAsync() {}

  pushErrorScope(): void {}
  async popErrorScope(): Promise<{ message: string } | null> {
    const refusal = this.isLost ? null : this.refusal;
    this.refusal = null;
    return refusal;
  }
}
