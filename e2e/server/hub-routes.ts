import type { Signer, StoredFile, StoredRepo } from "./repo-store.ts";
import type { Exchange } from "./send-file.ts";
import { sendFile } from "./send-file.ts";

/** Answers of the Hub's own origin, after the recorded manners of huggingface.co in 2025 and 2026. */
export interface HubState {
  repos: Map<string, StoredRepo>;
  /** Repos that each token may read. */
  tokens: Readonly<Record<string, readonly string[]>>;
  pageSize: number;
  origin: string;
  cdn: string;
  signer: Signer;
}

/** A refusal with the headers that the Hub explains itself by. */
class Refusal {
  readonly status: number;
  readonly code: string | undefined;
  readonly message: string;

  constructor(status: number, code: string | undefined, message: string) {
    this.status = status;
    this.code = code;
    this.message = message;
  }
}

export async function answerHub(state: HubState, exchange: Exchange): Promise<void> {
  const { request, response } = exchange;
  try {
    await route(state, exchange, new URL(request.url ?? "/", state.origin));
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    if (refusal.code) response.setHeader("X-Error-Code", refusal.code);
    response.setHeader("X-Error-Message", refusal.message);
    if (refusal.status === 401) response.setHeader("WWW-Authenticate", 'Bearer realm="Authentication required"');
    sendJson(exchange, refusal.status, { error: refusal.message });
  }
}

async function route(state: HubState, exchange: Exchange, url: URL): Promise<void> {
  const path = url.pathname;
  if (path === "/api/models") return sendSearch(state, exchange, url);
  const [, api, call, revision = "", below = ""] =
    /^\/api\/models\/((?:[^/]+\/)?[^/]+)\/(revision|tree)\/([^/]+)(?:\/(.*))?$/.exec(path) ?? [];
  if (api !== undefined) {
    const repo = findRepo(state, exchange, api);
    if (repo.name !== decodeURIComponent(api)) {
      redirect(exchange, 307, `/api/models/${repo.name}/${call}/${revision}${below && `/${below}`}${url.search}`);
    } else if (call === "revision" && below === "") sendInfo(exchange, repo, decodeURIComponent(revision));
    else if (call === "revision") throw new Refusal(404, "RevisionNotFound", `Invalid rev id: ${revision}`);
    else
      sendTree(state, exchange, repo, {
        revision: decodeURIComponent(revision),
        folder: decodeURIComponent(below),
        url,
      });
    return;
  }
  const [, cached, commit = "", cachedPath = ""] =
    /^\/api\/resolve-cache\/models\/((?:[^/]+\/)?[^/]+)\/([\da-f]{40})\/(.+)$/.exec(path) ?? [];
  if (cached !== undefined) {
    const repo = findRepo(state, exchange, cached);
    checkGate(state, exchange, repo);
    const file = findFile(repo, commit, decodeURIComponent(cachedPath));
    await sendFile(exchange, file.bytes, `"${file.oid}"`, "text/plain; charset=utf-8");
    return;
  }
  const [, id, rev = "", filePath = ""] = /^\/((?:[^/]+\/)?[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(path) ?? [];
  if (id === undefined) throw new Refusal(404, undefined, "Sorry, we can't find the page you are looking for.");
  const repo = findRepo(state, exchange, id);
  if (repo.name !== id) redirect(exchange, 307, `/${repo.name}/resolve/${rev}/${filePath}${url.search}`);
  else {
    checkGate(state, exchange, repo);
    sendResolve(state, exchange, repo, decodeURIComponent(rev), decodeURIComponent(filePath));
  }
}

/** The repo that a name leads to, if whoever asks may know of it. */
function findRepo(state: HubState, exchange: Exchange, id: string): StoredRepo {
  const name = decodeURIComponent(id);
  const repo = state.repos.get(name) ?? [...state.repos.values()].find(({ spec }) => spec.aliases?.includes(name));
  const access = granted(state, exchange);
  if (!repo || (repo.spec.private && !access?.includes(repo.name))) {
    throw access
      ? new Refusal(404, "RepoNotFound", "Repository not found")
      : new Refusal(401, "RepoNotFound", "Repository not found");
  }
  return repo;
}

function checkGate(state: HubState, exchange: Exchange, { name, spec }: StoredRepo): void {
  const access = granted(state, exchange);
  if (!spec.gated || access?.includes(name)) return;
  throw access
    ? new Refusal(403, "GatedRepo", `Access to model ${name} is restricted and you are not in the authorized list.`)
    : new Refusal(
        401,
        "GatedRepo",
        `Access to model ${name} is restricted. You must have access to it and be authenticated.`,
      );
}

/** What the request's token may read; undefined without a token. */
function granted(state: HubState, { entry }: Exchange): readonly string[] | undefined {
  if (entry.authorization === undefined) return undefined;
  const repos = state.tokens[entry.authorization.replace(/^Bearer /, "")];
  if (!repos) throw new Refusal(401, undefined, "Invalid credentials in Authorization header");
  return repos;
}

function findCommit({ refs, commits }: StoredRepo, revision: string): [string, Map<string, StoredFile>] {
  const commit = refs.get(revision) ?? revision;
  const files = commits.get(commit);
  if (!files) throw new Refusal(404, "RevisionNotFound", `Invalid rev id: ${revision}`);
  return [commit, files];
}

function findFile(repo: StoredRepo, revision: string, path: string): StoredFile {
  const file = findCommit(repo, revision)[1].get(path);
  if (!file) throw new Refusal(404, "EntryNotFound", "Entry not found");
  return file;
}

function sendInfo(exchange: Exchange, repo: StoredRepo, revision: string): void {
  const [sha, files] = findCommit(repo, revision);
  const { gated = false, private: closed = false, baseModel } = repo.spec;
  const siblings = [...files.keys()].map((rfilename) => ({ rfilename }));
  sendJson(exchange, 200, {
    id: repo.name,
    modelId: repo.name,
    sha,
    gated: gated && "auto",
    private: closed,
    siblings,
    ...(baseModel === undefined ? {} : { cardData: { base_model: baseModel } }),
  });
}

/** Public repos whose name holds the words, in alphabetical order, as the Hub sorts by downloads. */
function sendSearch(state: HubState, exchange: Exchange, { searchParams }: URL): void {
  const words = (searchParams.get("search") ?? "").toLowerCase();
  const found = [...state.repos.values()]
    .filter(({ name, spec }) => !spec.private && name.toLowerCase().includes(words))
    .map(({ name }) => ({ id: name, modelId: name }))
    .sort((x, y) => x.id.localeCompare(y.id));
  sendJson(exchange, 200, found.slice(0, Number(searchParams.get("limit") ?? 20)));
}

function sendTree(
  { pageSize, origin }: HubState,
  exchange: Exchange,
  repo: StoredRepo,
  { revision, folder, url }: { revision: string; folder: string; url: URL },
): void {
  const [, files] = findCommit(repo, revision);
  const prefix = folder === "" ? "" : `${folder}/`;
  const inside = [...files.values()].filter(({ path }) => path.startsWith(prefix));
  if (folder !== "" && inside.length === 0)
    throw new Refusal(404, "EntryNotFound", `${folder} does not exist on "${revision}"`);
  const folders = new Set(
    inside.flatMap(({ path }) =>
      path
        .slice(prefix.length)
        .split("/")
        .slice(0, -1)
        .map((_, i, all) => prefix + all.slice(0, i + 1).join("/")),
    ),
  );
  const entries = [
    ...[...folders].map((path) => ({ type: "directory", path, size: 0, oid: "0".repeat(40) })),
    ...inside.map(({ path, bytes, lfs, oid, xetHash }) => ({
      type: "file",
      path,
      size: bytes.length,
      oid: lfs ? "1".repeat(40) : oid,
      ...(lfs ? { lfs: { oid, size: bytes.length, pointerSize: 134 }, xetHash } : {}),
    })),
  ].filter(({ path }) => url.searchParams.get("recursive") === "true" || !path.slice(prefix.length).includes("/"));
  const begin = Number(Buffer.from(url.searchParams.get("cursor") ?? "", "base64url").toString() || 0);
  const end = begin + pageSize;
  if (end < entries.length) {
    const next = new URL(url.pathname + url.search, origin);
    next.searchParams.set("cursor", Buffer.from(String(end)).toString("base64url"));
    exchange.response.setHeader("Link", `<${next.href}>; rel="next"`);
  }
  sendJson(exchange, 200, entries.slice(begin, end));
}

function sendResolve(state: HubState, exchange: Exchange, repo: StoredRepo, revision: string, path: string): void {
  const [commit] = findCommit(repo, revision);
  const file = findFile(repo, revision, path);
  exchange.response.setHeader("X-Repo-Commit", commit);
  if (!file.lfs) {
    const encoded = path.split("/").map(encodeURIComponent).join("/");
    redirect(exchange, 307, `/api/resolve-cache/models/${repo.name}/${commit}/${encoded}?etag=%22${file.oid}%22`);
    return;
  }
  exchange.response.setHeader("X-Linked-Size", file.bytes.length);
  exchange.response.setHeader("X-Linked-ETag", `"${file.oid}"`);
  exchange.response.setHeader("X-Xet-Hash", file.xetHash);
  redirect(
    exchange,
    302,
    state.cdn + state.signer.sign(`/xet-bridge/${file.oid}`, exchange.faults.linkLifetime ?? 3600),
  );
}

function redirect({ response }: Exchange, status: number, location: string): void {
  response.setHeader("Location", location);
  response.writeHead(status).end();
}

function sendJson({ response, request, entry }: Exchange, status: number, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value));
  response.setHeader("Content-Type", "application/json; charset=utf-8");
  response.setHeader("Content-Length", body.length);
  response.writeHead(status);
  if (request.method !== "HEAD") entry.bytes += body.length;
  response.end(request.method === "HEAD" ? undefined : body);
}
