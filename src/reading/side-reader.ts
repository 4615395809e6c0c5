import type { RangeReader } from "../bytes/range-reader.ts";
import { openRange, type ReadOptions, readRange } from "../bytes/read-range.ts";
import type { Span } from "../bytes/span.ts";
import { decode } from "../safetensors/decode.ts";
import { DTYPE_BITS, type Dtype } from "../safetensors/dtype.ts";
import { type ElementFiller, elementFiller } from "../tensors/element-filler.ts";
import type { AuxiliaryValues, Packed } from "../tensors/encoding.ts";
import { type AuxiliaryRead, auxiliaryReads } from "./auxiliary-reads.ts";
import { GAP_BYTES } from "./read-plan.ts";
import type { ComputedSide, DecodedSide, Run, RunSegment } from "./worker-contract.ts";

type Bytes = Uint8Array<ArrayBuffer>;
type Side = "a" | "b";

const spanOf = (segment: RunSegment, side: Side): Span | null => (side === "a" ? segment.spanA : segment.spanB);
const dtypeOf = (segment: RunSegment, side: Side): Dtype => (side === "a" ? segment.dtypeA : segment.dtypeB);
const decodedOf = (segment: RunSegment, side: Side): DecodedSide | undefined =>
  side === "a" ? segment.decodedA : segment.decodedB;

const computedOf = (segment: RunSegment, side: Side): ComputedSide | undefined =>
  side === "a" ? segment.computedA : segment.computedB;

/** A view of exactly `length` bytes, on the same buffer where that is large enough. */
export function sized(bytes: Bytes, length: number): Bytes {
  return bytes.buffer.byteLength >= length ? new Uint8Array(bytes.buffer, 0, length) : new Uint8Array(length);
}

/** What was read for the auxiliary ranges of a run's side. */
export class AuxiliaryBytes {
  readonly #reads: (AuxiliaryRead & { read: Bytes })[];

  constructor(reads: (AuxiliaryRead & { read: Bytes })[]) {
    this.#reads = reads;
  }

  /** The numbers of a segment's ranges, in their order. */
  valuesOf({ auxiliary = [] }: Pick<DecodedSide, "auxiliary">): AuxiliaryValues[] {
    return auxiliary.map(({ file, span, dtype, first }) => {
      const { begin, end } = span;
      const found = this.#reads.find((each) => each.file === file && each.span.begin <= begin && end <= each.span.end);
      if (!found) throw new RangeError(`Bytes ${begin} to ${end} of file ${file} were not read.`);
      const bytes = found.read.subarray(begin - found.span.begin, end - found.span.begin);
      return { values: decode(dtype, bytes, ((end - begin) * 8) / DTYPE_BITS[dtype]), first };
    });
  }
}

/**
 * Reads what one side of a run takes besides its tensors, or what an adapter beside them does. This comes before the streams are opened: a stream that waits for
 * something else would hold on to one of the few connections that a server allows.
 */
export async function readAuxiliary(
  run: Run,
  side: Side | "adapter",
  options: ReadOptions,
): Promise<AuxiliaryBytes | null> {
  const sides = run.segments.flatMap((segment) =>
    side === "adapter" ? (segment.adapter ?? []) : (decodedOf(segment, side) ?? computedOf(segment, side) ?? []),
  );
  if (!sides.some(({ auxiliary }) => auxiliary)) return null;
  const files = run.auxiliaryFiles?.[side];
  const reads = auxiliaryReads(sides, GAP_BYTES).map(async (each) => {
    const location = files?.get(each.file);
    if (!location) throw new RangeError(`The run does not say where file ${each.file} is.`);
    return { ...each, read: await readRange(location, each.span, options) };
  });
  return new AuxiliaryBytes(await Promise.all(reads));
}

/** One side of a run, chunk by chunk. Chunks are asked for in order, each once. */
export class SideReader {
  readonly #side: Side;
  readonly #auxiliary: AuxiliaryBytes | null;
  /** The side's tensors one after the other; null where the only one is read whole. */
  readonly #stream: RangeReader | null;
  readonly #whole: Bytes | null;
  #segment: RunSegment | null = null;
  #filler: ElementFiller | null = null;
  /** Stored bytes of a chunk that is decoded. */
  #packed: Bytes = new Uint8Array(0);

  private constructor(side: Side, auxiliary: AuxiliaryBytes | null, source: RangeReader | Bytes) {
    this.#side = side;
    this.#auxiliary = auxiliary;
    this.#stream = source instanceof Uint8Array ? null : source;
    this.#whole = source instanceof Uint8Array ? source : null;
  }

  /** Null for a side that is computed, and for B of one model alone. Fails as `openRange` does. */
  static async open(
    run: Run,
    side: Side,
    auxiliary: AuxiliaryBytes | null,
    options: ReadOptions,
  ): Promise<SideReader | null> {
    const { segments } = run;
    const location = run[side];
    const [head, tail] = [spanOf(segments[0], side), spanOf(segments[segments.length - 1], side)];
    if (!location || !head || !tail || computedOf(segments[0], side)) return null;
    const span = { begin: head.begin, end: tail.end };
    const read = decodedOf(segments[0], side)?.whole ? readRange : openRange;
    return new SideReader(side, auxiliary, await read(location, span, options));
  }

  /** Passes over what lies between the segment before and this one. */
  async begin(segment: RunSegment): Promise<void> {
    const [before, now] = [this.#segment && spanOf(this.#segment, this.#side), spanOf(segment, this.#side)];
    const decoded = decodedOf(segment, this.#side);
    this.#segment = segment;
    this.#filler = decoded ? elementFiller(decoded.layout, this.#auxiliary?.valuesOf(decoded) ?? []) : null;
    if (before && now) await this.#stream?.skip(now.begin - before.end);
  }

  /**
   * Elements `from` to `from + count` of the segment as a kernel takes them, in `buffer` or a larger one; the buffer is taken
   * away as by `RangeReader.fill`.
   */
  fill(segment: RunSegment, from: number, count: number, buffer: Bytes): Promise<Bytes> {
    const decoded = decodedOf(segment, this.#side);
    if (decoded) return this.#fillDecoded(segment, decoded, from, count, buffer);
    const span = spanOf(segment, this.#side);
    if (!this.#stream || !span) throw new RangeError("This side has no stream.");
    const width = (span.end - span.begin) / segment.count;
    return this.#stream.fill(sized(buffer, count * width));
  }

  async #fillDecoded(
    segment: RunSegment,
    { layout, from: start }: DecodedSide,
    from: number,
    count: number,
    buffer: Bytes,
  ): Promise<Bytes> {
    const into = sized(buffer, (count * DTYPE_BITS[dtypeOf(segment, this.#side)]) / 8);
    this.#filler?.(await this.#read(layout, start + from, count), start + from, count, into);
    return into;
  }

  async #read({ encoding }: DecodedSide["layout"], from: number, count: number): Promise<Packed> {
    const first = encoding?.first ?? 0;
    if (this.#whole) return { bytes: this.#whole, first };
    // The last chunk of the last segment may end within a byte, which the stream has to the end.
    const length = Math.min(Math.ceil((count * (encoding?.bits ?? 8)) / 8), this.#stream?.left ?? 0);
    this.#packed = (await this.#stream?.fill(sized(this.#packed, length))) ?? this.#packed;
    return { bytes: this.#packed, first: first + from };
  }
}
