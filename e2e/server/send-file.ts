import type { IncomingMessage, ServerResponse } from "node:http";
import type { Faults } from "./faults.ts";
import type { Line } from "./line.ts";
import type { LogEntry } from "./request-log.ts";

export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  entry: LogEntry;
  line: Line;
  /** The faults that hit this request. */
  faults: Faults;
}

let changes = 0;

/** Answers with a file or the one range of it that was asked for (RFC 9110 §14): 200, 206 or 416. */
export async function sendFile(exchange: Exchange, body: Uint8Array, etag: string, type: string): Promise<void> {
  const { request, response, faults } = exchange;
  const tag = faults.changeEtag ? `"changed-${++changes}"` : etag;
  response.setHeader("ETag", tag);
  response.setHeader("Content-Type", type);
  const range = faults.noRanges ? undefined : parseRange(request.headers.range, body.length);
  if (!faults.noRanges) response.setHeader("Accept-Ranges", "bytes");
  if (range === "unsatisfiable") {
    response.setHeader("Content-Range", `bytes */${body.length}`);
    response.writeHead(416).end();
    return;
  }
  const part = range ? body.subarray(range.begin, range.end) : body;
  if (range) response.setHeader("Content-Range", `bytes ${range.begin}-${range.end - 1}/${body.length}`);
  // A body that will end early announces no length, or the client would know.
  if (faults.truncateAfter === undefined) response.setHeader("Content-Length", part.length);
  response.writeHead(range ? 206 : 200);
  if (request.method === "HEAD") response.end();
  else await sendBody(exchange, part);
}

/** One range as a client may ask for it; undefined for none, or for a form that a server may pass over. */
function parseRange(
  header: string | undefined,
  size: number,
): { begin: number; end: number } | "unsatisfiable" | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return undefined;
  const begin = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size : Math.min(size, Number(last) + 1);
  if (first !== "" && last !== "" && Number(last) < begin) return undefined;
  return begin < end ? { begin, end } : "unsatisfiable";
}

async function sendBody({ response, entry, line, faults }: Exchange, body: Uint8Array): Promise<void> {
  const stop = Math.min(body.length, faults.truncateAfter ?? body.length, faults.resetAfter ?? body.length);
  for (let at = 0; at < stop; ) {
    const chunk = body.subarray(at, Math.min(at + line.portion(), stop));
    await line.take(chunk.length, response);
    if (response.destroyed) return;
    at += chunk.length;
    entry.bytes += chunk.length;
    if (!response.write(chunk)) await drained(response);
  }
  if (faults.resetAfter === undefined || faults.resetAfter > body.length) {
    response.end();
    return;
  }
  entry.end = "cut";
  response.flushHeaders();
  // What was written has to be on its way first.
  response.socket?.write("", () => response.socket?.destroy());
}

/** Resolves when more can be written, or when nobody is there to write to any more. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off("drain", done).off("close", done);
      resolve();
    };
    response.on("drain", done).on("close", done);
  });
}
