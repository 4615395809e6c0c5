/** Takes an exact number of bytes at a time out of a stream of pieces of any size, in order. */
export class StreamReader {
  #reader: ReadableStreamDefaultReader<Uint8Array>;
  #piece = new Uint8Array(0);
  #used = 0;

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#reader = stream.getReader();
  }

  /** Fills `into` completely; rejects when the stream ends or fails before that. */
  async fill(into: Uint8Array): Promise<void> {
    let filled = 0;
    while (filled < into.length) {
      if (this.#used === this.#piece.length) await this.#pull();
      const take = Math.min(into.length - filled, this.#piece.length - this.#used);
      into.set(this.#piece.subarray(this.#used, this.#used + take), filled);
      this.#used += take;
      filled += take;
    }
  }

  /** Passes over `count` bytes. */
  async skip(count: number): Promise<void> {
    while (count > 0) {
      if (this.#used === this.#piece.length) await this.#pull();
      const take = Math.min(count, this.#piece.length - this.#used);
      this.#used += take;
      count -= take;
    }
  }

  async #pull(): Promise<void> {
    const { done, value } = await this.#reader.read();
    if (done) throw new RangeError("The stream ended before the bytes that were asked for.");
    this.#piece = value as Uint8Array<ArrayBuffer>;
    this.#used = 0;
  }
}
