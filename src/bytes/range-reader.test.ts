import { describe, expect, it } from "vitest";
import { randomFrom } from "../../e2e/fixtures/random.ts";
import { RangeReader } from "./range-reader.ts";

const errors = {
  broken: (cause: unknown) => new Error("broken", { cause }),
  short: (seen: number) => new Error(`short after ${seen}`),
};

interface Seen {
  pulled: number;
  cancelled: boolean;
  /** Buffers that the stream's source wrote into without a copy of ours. */
  lent: number;
}

/** A stream of pieces, as a body has them: of bytes, or of any objects. After the last piece it ends, or fails. */
function streamOf(kind: "bytes" | "pieces", pieces: Uint8Array<ArrayBuffer>[], error?: Error) {
  const seen: Seen = { pulled: 0, cancelled: false, lent: 0 };
  const cancel = () => {
    seen.cancelled = true;
  };
  const full = () => pieces.filter(({ length }) => kind === "pieces" || length > 0);
  if (kind === "pieces") {
    const stream = new ReadableStream<Uint8Array<ArrayBuffer>>(
      {
        pull(controller) {
          if (seen.pulled < pieces.length) controller.enqueue(pieces[seen.pulled++]);
          else if (error) controller.error(error);
          else controller.close();
        },
        cancel,
      },
      { highWaterMark: 0 },
    );
    return { stream, seen };
  }
  let rest = new Uint8Array(0);
  const stream = new ReadableStream({
    type: "bytes",
    pull(controller) {
      if (rest.length === 0) rest = full()[seen.pulled++] ?? rest;
      const request = controller.byobRequest;
      if (rest.length === 0) {
        if (error) return controller.error(error);
        controller.close();
        return request?.respond(0);
      }
      if (!request?.view) throw new Error("Nothing was lent to the stream.");
      const { buffer, byteOffset, byteLength } = request.view;
      const taken = Math.min(byteLength, rest.length);
      new Uint8Array(buffer, byteOffset, taken).set(rest.subarray(0, taken));
      rest = rest.subarray(taken);
      seen.lent++;
      request.respond(taken);
    },
    cancel,
  });
  return { stream, seen };
}

/** The bytes 0, 1, 2, … in pieces of the given lengths. */
function counting(lengths: number[]): Uint8Array<ArrayBuffer>[] {
  let next = 0;
  return lengths.map((length) => Uint8Array.from({ length }, () => next++));
}

const filled = async (reader: RangeReader, length: number): Promise<number[]> => [
  ...(await reader.fill(new Uint8Array(length))),
];

describe.each(["bytes", "pieces"] as const)("RangeReader of a stream of %s", (kind) => {
  it("takes exact numbers of bytes across pieces, some of them empty", async () => {
    const arrived: number[] = [];
    const { stream } = streamOf(kind, counting([3, 0, 1, 5]));
    const reader = new RangeReader(stream, 9, { errors, onBytes: (bytes) => arrived.push(bytes) });
    expect(await filled(reader, 2)).toEqual([0, 1]);
    expect(await filled(reader, 0)).toEqual([]);
    await reader.skip(1);
    expect(await filled(reader, 3)).toEqual([3, 4, 5]);
    await reader.skip(0);
    expect(await filled(reader, 3)).toEqual([6, 7, 8]);
    expect(reader.left).toBe(0);
    expect(arrived.reduce((sum, bytes) => sum + bytes)).toBe(9);
  });

  it("gives the bytes in order, however they are cut and asked for", async () => {
    for (let seed = 0; seed < 40; seed++) {
      const random = randomFrom(seed);
      const draw = (below: number) => Math.floor(random() * below);
      const lengths = Array.from({ length: 1 + draw(12) }, () => draw(20));
      const total = lengths.reduce((sum, n) => sum + n, 0);
      const reader = new RangeReader(streamOf(kind, counting(lengths)).stream, total, { errors });
      const got: number[] = [];
      const wanted: number[] = [];
      for (let at = 0; at < total; ) {
        const length = Math.min(draw(25), total - at);
        if (draw(3) === 0) await reader.skip(length);
        else {
          got.push(...(await filled(reader, length)));
          wanted.push(...Array.from({ length }, (_, i) => at + i));
        }
        at += length;
      }
      expect(got, `seed ${seed}`).toEqual(wanted);
    }
  });

  it("gives the lent bytes back where they were in their buffer", async () => {
    const reader = new RangeReader(streamOf(kind, counting([4, 4])).stream, 8, { errors });
    const into = new Uint8Array(new ArrayBuffer(20), 5, 6);
    const back = await reader.fill(into);
    expect([back.byteOffset, back.length, back.buffer.byteLength]).toEqual([5, 6, 20]);
    expect([...back]).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("asks for no piece before it needs one", async () => {
    const { stream, seen } = streamOf(kind, counting([4, 4, 4]));
    const reader = new RangeReader(stream, 12, { errors });
    await filled(reader, 4);
    expect(seen.pulled).toBe(1);
    await reader.skip(1);
    await filled(reader, 3);
    expect(seen.pulled).toBe(2);
  });

  it("says how much came where the stream ends too early", async () => {
    const reader = () => new RangeReader(streamOf(kind, counting([3])).stream, 9, { errors });
    await expect(filled(reader(), 4)).rejects.toThrow("short after 3");
    await expect(reader().skip(4)).rejects.toThrow("short after 3");
  });

  it("gives no more than it was opened for", async () => {
    const reader = new RangeReader(streamOf(kind, counting([9])).stream, 4, { errors });
    await expect(filled(reader, 5)).rejects.toThrow(RangeError);
  });

  it("tells why the stream broke off", async () => {
    const cause = new Error("The connection is gone.");
    const reader = new RangeReader(streamOf(kind, counting([3]), cause).stream, 9, { errors });
    expect(await filled(reader, 3)).toEqual([0, 1, 2]);
    await expect(filled(reader, 1)).rejects.toMatchObject({ message: "broken", cause });
  });

  it("ends with the signal's own reason, and the transfer with it", async () => {
    const stop = new AbortController();
    const { stream, seen } = streamOf(kind, counting([3, 3]));
    const reader = new RangeReader(stream, 6, { errors, signal: stop.signal });
    await filled(reader, 3);
    stop.abort(new Error("Enough."));
    await expect(filled(reader, 3)).rejects.toThrow("Enough.");
    expect(seen.cancelled).toBe(true);
  });

  it("never begins where the signal was aborted before", async () => {
    const { stream, seen } = streamOf(kind, counting([3]));
    const reader = new RangeReader(stream, 3, { errors, signal: AbortSignal.abort(new Error("Enough.")) });
    await expect(filled(reader, 3)).rejects.toThrow("Enough.");
    expect(seen).toMatchObject({ pulled: 0, cancelled: true });
  });

  it("ends the transfer when it is cancelled", async () => {
    const { stream, seen } = streamOf(kind, counting([3]));
    await new RangeReader(stream, 3, { errors }).cancel();
    expect(seen.cancelled).toBe(true);
  });
});

it("lends the caller's own buffer to a stream of bytes", async () => {
  const { stream, seen } = streamOf("bytes", counting([4, 4]));
  await filled(new RangeReader(stream, 8, { errors }), 8);
  expect(seen.lent).toBe(2);
});
