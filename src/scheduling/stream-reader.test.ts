import { describe, expect, it } from "vitest";
import { StreamReader } from "./stream-reader.ts";
import { seededDraw } from "./testing/seeded-draw.ts";

/** A stream that hands on `pieces`, then ends, or fails with `error`. Says how many it was asked for. */
function streamOf(pieces: Uint8Array[], error?: Error) {
  const seen = { pulled: 0, cancelled: false };
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (seen.pulled < pieces.length) controller.enqueue(pieces[seen.pulled++]);
        else if (error) controller.error(error);
        else controller.close();
      },
      cancel() {
        seen.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, seen };
}

/** The bytes 0, 1, 2, … in pieces of the given lengths. */
function counting(lengths: number[]): Uint8Array[] {
  let next = 0;
  return lengths.map((length) => Uint8Array.from({ length }, () => next++));
}

const filled = async (reader: StreamReader, length: number): Promise<number[]> => {
  const bytes = new Uint8Array(length);
  await reader.fill(bytes);
  return [...bytes];
};

describe("StreamReader", () => {
  it("takes exact numbers of bytes across pieces, some of them empty", async () => {
    const { stream } = streamOf(counting([3, 0, 1, 5]));
    const reader = new StreamReader(stream);
    expect(await filled(reader, 2)).toEqual([0, 1]);
    expect(await filled(reader, 0)).toEqual([]);
    await reader.skip(1);
    expect(await filled(reader, 3)).toEqual([3, 4, 5]);
    await reader.skip(0);
    expect(await filled(reader, 3)).toEqual([6, 7, 8]);
  });

  it("gives the bytes in order, however they are cut and asked for", async () => {
    for (let seed = 0; seed < 40; seed++) {
      const draw = seededDraw(seed);
      const lengths = Array.from({ length: 1 + draw(12) }, () => draw(20));
      const total = lengths.reduce((sum, n) => sum + n, 0);
      const reader = new StreamReader(streamOf(counting(lengths)).stream);
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

  it("asks for no piece before it needs one", async () => {
    const { stream, seen } = streamOf(counting([4, 4, 4]));
    const reader = new StreamReader(stream);
    await reader.fill(new Uint8Array(4));
    expect(seen.pulled).toBe(1);
    await reader.skip(1);
    await reader.fill(new Uint8Array(3));
    expect(seen.pulled).toBe(2);
  });

  it("rejects where the stream ends too early", async () => {
    await expect(filled(new StreamReader(streamOf(counting([3])).stream), 4)).rejects.toThrow(RangeError);
    await expect(new StreamReader(streamOf(counting([3])).stream).skip(4)).rejects.toThrow(RangeError);
  });

  it("passes on the stream's own error", async () => {
    const error = new Error("The connection broke off.");
    const reader = new StreamReader(streamOf(counting([3]), error).stream);
    expect(await filled(reader, 3)).toEqual([0, 1, 2]);
    await expect(filled(reader, 1)).rejects.toBe(error);
  });
});
