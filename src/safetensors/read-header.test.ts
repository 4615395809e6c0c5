import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type FixtureTensor, writeSafetensors } from "../../e2e/fixtures/write-safetensors.ts";
import { type HubServer, startHub } from "../../e2e/server/hub-server.ts";
import { headerByteLength } from "./parse-header.ts";
import { readHeader } from "./read-header.ts";

const tensor = (name: string, elements: number): FixtureTensor => ({
  name,
  dtype: "U8",
  shape: [elements],
  data: new Uint8Array(elements),
});
const few = writeSafetensors([tensor("a", 3000), tensor("b", 5)]);
const many = writeSafetensors(
  Array.from({ length: 4000 }, (_, i) => tensor(`model.layers.${i}.mlp.down_proj.weight`, 7)),
);
const noData = writeSafetensors([]);
const headerEnd = headerByteLength(few, few.length);

let server: HubServer;
beforeAll(async () => {
  const files = {
    "few.safetensors": few,
    "many.safetensors": many,
    "none.safetensors": noData,
    "cut off.safetensors": few.slice(0, 2000),
    "page.safetensors": "<!doctype html><title>Sign in</title>",
    "empty.safetensors": new Uint8Array(0),
  };
  server = await startHub({
    repos: { "org/name": { files } },
    plain: { files: { files }, whole: { files, ranges: false }, shy: { files, cors: "hidden" } },
  });
});
afterAll(() => server.close());
afterEach(() => {
  server.log.length = 0;
});

describe("requests per file", () => {
  it.each([
    { firstRead: few.length + 1, requests: 1 },
    { firstRead: few.length, requests: 1 },
    { firstRead: headerEnd + 1, requests: 1 },
    { firstRead: headerEnd, requests: 1 },
    { firstRead: headerEnd - 1, requests: 2 },
    { firstRead: 9, requests: 2 },
    { firstRead: 8, requests: 2 },
  ])("$requests with $firstRead bytes first", async ({ firstRead, requests }) => {
    const read = await readHeader(`${server.plain("files")}few.safetensors`, { firstRead });
    expect(read.header.tensors.map(({ name }) => name)).toEqual(["a", "b"]);
    const received = Math.min(few.length, Math.max(firstRead, headerEnd));
    expect([read.requests, read.bytes, server.log.length]).toEqual([requests, received, requests]);
  });

  it("are two for a header larger than the first read, and one where there are no tensors", async () => {
    const read = await readHeader(`${server.plain("files")}many.safetensors`);
    expect([read.requests, read.header.tensors.length]).toEqual([2, 4000]);
    expect(read.header.tensors.at(-1)?.span.end).toBe(many.length);
    expect(await readHeader(`${server.plain("files")}none.safetensors`)).toMatchObject({
      requests: 1,
      header: { tensors: [], fileSize: noData.length },
    });
  });

  it("are one of a server without ranges", async () => {
    const read = await readHeader(`${server.plain("whole")}many.safetensors`);
    expect([read.requests, read.bytes, read.location.kind]).toEqual([1, many.length, "blob"]);
    expect(read.header.tensors).toHaveLength(4000);
  });

  it("go past the resolver once", async () => {
    const read = await readHeader(`${server.origin}/org/name/resolve/main/many.safetensors`);
    expect(read.requests).toBe(2);
    expect(server.log.map(({ server: who }) => who)).toEqual(["hub", "cdn", "cdn"]);
  });
});

it.each([
  ["cut off.safetensors", "MetadataIncompleteBuffer", /^cut off\.safetensors: The file is cut off/],
  ["page.safetensors", "HeaderTooLarge", /probably not a safetensors file/],
  ["empty.safetensors", "HeaderTooSmall", /0 bytes long/],
])("refuses %s with %s", async (name, error, message) => {
  for (const folder of ["files", "whole"]) {
    await expect(readHeader(`${server.plain(folder)}${encodeURIComponent(name)}`)).rejects.toMatchObject({
      name: error,
      message: expect.stringMatching(message),
    });
  }
});
