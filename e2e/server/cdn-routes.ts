import { type Files, type Signer, type StoredRepo, toBytes } from "./repo-store.ts";
import { type Exchange, sendFile } from "./send-file.ts";

/** A folder of plain files without any Hub about it, under `/plain/<name>/`. */
export interface PlainFolder {
  files: Files;
  /** Byte ranges are served; true unless told. */
  ranges?: boolean;
  /** `all`: CORS with every header exposed; `hidden`: CORS that exposes none; `none`. `all` unless told. */
  cors?: "all" | "hidden" | "none";
}

export interface CdnState {
  repos: Map<string, StoredRepo>;
  plain: Readonly<Record<string, PlainFolder>>;
  signer: Signer;
}

const CDN_EXPOSED = "Accept-Ranges, Content-Range, Content-Type, Content-Disposition, ETag, X-Cache";
const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  json: "application/json",
  txt: "text/plain; charset=utf-8",
};

/** Answers of the CDN's origin: files behind signed addresses, and plain folders. */
export async function answerCdn(state: CdnState, exchange: Exchange): Promise<void> {
  const { request, response, entry } = exchange;
  const url = new URL(request.url ?? "/", "http://cdn");
  const [, name, path = ""] = /^\/plain\/([^/]+)\/(.*)$/.exec(url.pathname) ?? [];
  if (name !== undefined) {
    await sendPlain(state.plain[decodeURIComponent(name)], exchange, decodeURIComponent(path));
    return;
  }
  allow(exchange, CDN_EXPOSED);
  if (request.method === "OPTIONS") {
    // No page may need to ask first: the real one has been seen to refuse.
    response.writeHead(403).end();
    return;
  }
  if (entry.authorization !== undefined) {
    refuse(exchange, 400, "Only one auth mechanism allowed");
    return;
  }
  const [, oid] = /^\/xet-bridge\/([\da-f]{64})$/.exec(url.pathname) ?? [];
  if (oid === undefined || !state.signer.isGood(url.pathname, url.searchParams)) {
    refuse(exchange, 403, "Access denied");
    return;
  }
  const files = [...state.repos.values()].flatMap(({ commits }) =>
    [...commits.values()].flatMap((all) => [...all.values()]),
  );
  const file = files.find((candidate) => candidate.lfs && candidate.oid === oid);
  if (!file) refuse(exchange, 404, "Not found");
  else {
    response.setHeader("Cache-Control", "public, max-age=31536000");
    await sendFile(exchange, file.bytes, `"${file.xetHash}"`, "application/octet-stream");
  }
}

async function sendPlain(folder: PlainFolder | undefined, exchange: Exchange, path: string): Promise<void> {
  const { cors = "all", ranges = true, files = {} } = folder ?? {};
  if (cors !== "none") allow(exchange, cors === "all" ? CDN_EXPOSED : undefined);
  const content = Object.hasOwn(files, path) ? files[path] : undefined;
  if (content === undefined) {
    refuse(exchange, 404, "Not found");
    return;
  }
  const bytes = toBytes(content);
  const type = TYPES[path.replace(/^.*\./, "")] ?? "application/octet-stream";
  const faults = ranges ? exchange.faults : { ...exchange.faults, noRanges: true };
  await sendFile({ ...exchange, faults }, bytes, `"${path}-${bytes.length}"`, type);
}

function allow({ response, faults }: Exchange, exposed: string | undefined): void {
  if (faults.noCors) return;
  response.setHeader("Access-Control-Allow-Origin", "*");
  if (exposed !== undefined && !faults.hideHeaders) response.setHeader("Access-Control-Expose-Headers", exposed);
}

function refuse({ response }: Exchange, status: number, message: string): void {
  response.setHeader("Content-Type", "application/xml");
  response.writeHead(status).end(`<Error><Message>${message}</Message></Error>`);
}
