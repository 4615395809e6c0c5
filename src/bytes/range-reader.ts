/** Bytes that are passed over at a time. */
const SCRATCH_BYTES = 64 * 2 ** 10;

/** How a source comes to its end before its bytes do; `broken` by its own error, `short` after `seen` bytes. */
export interface EndingErrors {
  broken(cause: unknown): Error;
  short(seen: number): Error;
}

interface RangeReaderOptions {
  signal?: AbortSignal | undefined;
  /** Called with the number of bytes that arrived, whenever some did. */
  onBytes?: ((bytes: number) => void) | undefined;
  errors: EndingErrors;
}

/** Lends `into` to the stream and gets an equal buffer back, with at least one byte in it, or null at the stream's end. */
type Pull = (into: Uint8Array<ArrayBuffer>) => Promise<Uint8Array<ArrayBuffer> | null>;

/** Where the bytes of a range come from, one piece after the other. */
export interface ByteSource {
  pull: Pull;
  cancel(reason?: unknown): Promise<void>;
}

/**
 * Reads the `length` bytes of a stream, in order and as they are asked for: nothing is read ahead here, the network stack
 * below has its own buffer. Streams of bytes write straight into the caller's buffer (BYOB, Streams standard 4.5); from
 * others the pieces are copied. One call at a time. Every call rejects with the reason of `signal` once that is aborted,
 * which also ends the transfer, and with one of `errors` where the stream ends too early.
 */
export class RangeReader {
  readonly #source: ByteSource;
  readonly #length: number;
  readonly #options: RangeReaderOptions;
  readonly #onAbort: () => void;
  #scratch = new ArrayBuffer(0);
  #seen = 0;

  constructor(from: ReadableStream<Uint8Array> | ByteSource, length: number, options: RangeReaderOptions) {
    this.#source = "pull" in from ? from : sourceOf(from);
    this.#length = length;
    this.#options = options;
    this.#onAbort = () => void this.#source.cancel(options.signal?.reason).catch(() => undefined);
    if (options.signal?.aborted) this.#onAbort();
    else options.signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  /** Bytes that are still to come. */
  get left(): number {
    return this.#length - this.#seen;
  }

  /**
   * Fills `into` completely. Its buffer is taken away, and comes back under the view that this resolves with; after a
   * rejection it is lost. A RangeError where fewer bytes are left.
   */
  async fill(into: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    const { byteOffset, length } = into;
    if (length > this.left) throw new RangeError(`${length} bytes were asked for, and ${this.left} are left.`);
    let { buffer } = into;
    for (let filled = 0; filled < length; ) {
      const piece = await this.#pull(new Uint8Array(buffer, byteOffset + filled, length - filled));
      buffer = piece.buffer;
      filled += piece.length;
    }
    this.#options.signal?.throwIfAborted();
    return new Uint8Array(buffer, byteOffset, length);
  }

  /** Passes over `count` bytes. */
  async skip(count: number): Promise<void> {
    if (count > 0 && this.#scratch.byteLength === 0) this.#scratch = new ArrayBuffer(SCRATCH_BYTES);
    for (let left = count; left > 0; ) {
      const piece = await this.#pull(new Uint8Array(this.#scratch, 0, Math.min(left, SCRATCH_BYTES)));
      this.#scratch = piece.buffer;
      left -= piece.length;
    }
  }

  /** Ends the transfer; what has not been read is lost. */
  async cancel(): Promise<void> {
    this.#settle();
    await this.#source.cancel();
  }

  async #pull(into: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    const { signal, onBytes, errors } = this.#options;
    signal?.throwIfAborted();
    const piece = await this.#source.pull(into).catch((cause: unknown) => {
      this.#settle();
      throw signal?.aborted ? signal.reason : errors.broken(cause);
    });
    // A cancelled stream ends as one that has nothing left.
    signal?.throwIfAborted();
    if (piece === null) {
      this.#settle();
      throw errors.short(this.#seen);
    }
    this.#seen += piece.length;
    if (this.left === 0) this.#settle();
    onBytes?.(piece.length);
    return piece;
  }

  #settle(): void {
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
  }
}

function sourceOf(stream: ReadableStream<Uint8Array>): ByteSource {
  try {
    return byobSource(stream.getReader({ mode: "byob" }));
  } catch {
    // Not a stream of bytes, or a browser that hands on pieces only.
    return pieceSource(stream.getReader());
  }
}

function byobSource(reader: ReadableStreamBYOBReader): ByteSource {
  return {
    async pull(into) {
      const { value } = await reader.read(into);
      return value && value.length > 0 ? value : null;
    },
    cancel: (reason) => reader.cancel(reason),
  };
}

function pieceSource(reader: ReadableStreamDefaultReader<Uint8Array>): ByteSource {
  let piece = new Uint8Array(0);
  return {
    async pull(into) {
      while (piece.length === 0) {
        const { done, value } = await reader.read();
        if (done) return null;
        piece = value as Uint8Array<ArrayBuffer>;
      }
      const taken = Math.min(piece.length, into.length);
      into.set(piece.subarray(0, taken));
      piece = piece.subarray(taken);
      return into.subarray(0, taken);
    },
    cancel: (reason) => reader.cancel(reason),
  };
}
