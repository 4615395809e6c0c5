import type { FileLocation } from "../bytes/file-location.ts";
import type { RangeReader } from "../bytes/range-reader.ts";
import { openRange, type ReadOptions, readRange } from "../bytes/read-range.ts";
import type { Side } from "../pairing/pair.ts";
import { decode } from "../safetensors/decode.ts";
import { DTYPE_BITS } from "../safetensors/dtype.ts";
import { type ElementFiller, type ElementLayout, elementFiller } from "../tensors/element-filler.ts";
import type { AuxiliaryValues, Packed } from "../tensors/encoding.ts";
import { type AuxiliaryRead, auxiliaryReads } from "./auxiliary-reads.ts";
import { GAP_BYTES } from "./read-plan.ts";
import type { Run } from "./run.ts";
import type { Segment, SegmentSide } from "./segment.ts";

type Bytes = Uint8Array<ArrayBuffer>;

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
  valuesOf({ auxiliary = [] }: Pick<SegmentSide, "auxiliary">): AuxiliaryValues[] {
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
 * Reads what one side of a run takes besides its tensors. This comes before the streams are opened: a stream that waits for
 * something else would hold on to one of the few connections that a server allows.
 */
export async function readAuxiliary(run: Run, side: Side, options: ReadOptions): Promise<AuxiliaryBytes | null> {
  const sides = run.segments.flatMap((segment) => segment[side] ?? []);
  if (!sides.some(({ auxiliary }) => auxiliary)) return null;
  const reads = auxiliaryReads(sides, GAP_BYTES).map(async (each) => {
    const location = locationOf(run, side, each.file);
    return { ...each, read: await readRange(location, each.span, options) };
  });
  return new AuxiliaryBytes(await Promise.all(reads));
}

function locationOf({ files }: Run, side: Side, file: number): FileLocation {
  const location = files[side].get(file);
  if (!location) throw new RangeError(`The run does not say where file ${file} is.`);
  return location;
}

/** One side of a run, chunk by chunk. Chunks are asked for in order, each once. */
export class SideReader {
  readonly #side: Side;
  readonly #auxiliary: AuxiliaryBytes | null;
  /** The side's tensors one after the other; null where the only one is read whole. */
  readonly #stream: RangeReader | null;
  readonly #whole: Bytes | null;
  #before: SegmentSide | null = null;
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
    const [head, tail] = [run.segments[0][side], run.segments[run.segments.length - 1][side]];
    if (!head || !tail || head.update) return null;
    const span = { begin: head.span.begin, end: tail.span.end };
    const read = head.whole ? readRange : openRange;
    return new SideReader(side, auxiliary, await read(locationOf(run, side, head.file), span, options));
  }

  /** Passes over what lies between the segment before and this one. */
  async begin(segment: Segment): Promise<void> {
    const own = this.#of(segment);
    const before = this.#before;
    this.#before = own;
    this.#filler = own.layout ? elementFiller(own.layout, this.#auxiliary?.valuesOf(own) ?? []) : null;
    if (before) await this.#stream?.skip(own.span.begin - before.span.end);
  }

  #of(segment: Segment): SegmentSide {
    const own = segment[this.#side];
    if (!own) throw new RangeError(`The segment has no side ${this.#side}.`);
    return own;
  }

  /**
   * Elements `from` to `from + count` of the segment as a kernel takes them, in `buffer` or a larger one; the buffer is taken
   * away as by `RangeReader.fill`.
   */
  fill(segment: Segment, from: number, count: number, buffer: Bytes): Promise<Bytes> {
    const own = this.#of(segment);
    if (own.layout) return this.#fillDecoded(own, own.layout, from, count, buffer);
    if (!this.#stream) throw new RangeError("This side has no stream.");
    const width = (own.span.end - own.span.begin) / segment.count;
    return this.#stream.fill(sized(buffer, count * width));
  }

  async #fillDecoded(
    { dtype, from: first = 0 }: SegmentSide,
    layout: ElementLayout,
    from: number,
    count: number,
    buffer: Bytes,
  ): Promise<Bytes> {
    const into = sized(buffer, (count * DTYPE_BITS[dtype]) / 8);
    this.#filler?.(await this.#read(layout, first + from, count), first + from, count, into);
    return into;
  }

  async #read({ encoding }: ElementLayout, from: number, count: number): Promise<Packed> {
    const first = encoding?.first ?? 0;
    if (this.#whole) return { bytes: this.#whole, first };
    // The last chunk of the last segment may end within a byte, which the stream has to the end.
    const length = Math.min(Math.ceil((count * (encoding?.bits ?? 8)) / 8), this.#stream?.left ?? 0);
    this.#packed = (await this.#stream?.fill(sized(this.#packed, length))) ?? this.#packed;
    return { bytes: this.#packed, first: first + from };
  }
}
