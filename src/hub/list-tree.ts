import { answeringRepo, apiAddress, encodePath } from "./hub-address.ts";
import { askHub, type HubClient, strangeAnswer } from "./hub-client.ts";

/** A file of a repo. */
export interface TreeFile {
  /** From the repo's root. */
  path: string;
  /** Bytes of the file itself, not of the pointer that stands for it in git. */
  size: number;
  /** What identifies its content: sha256 where it is kept in LFS, else the Xet hash, else absent. */
  hash?: string;
}

/** More pages than any model has; a server that never stops saying "next" is stopped here. */
const MAX_PAGES = 200;

/**
 * Lists every file of a repo at a commit, under `folder` (from the root; "" for all), one request per page of a thousand.
 * Also tells what the repo is called now. Throws `HubError` (`EntryNotFound` for a folder that is not there) or `ReadError`.
 */
export async function listTree(
  client: HubClient,
  repo: string,
  commit: string,
  folder: string,
): Promise<{ repo: string; files: TreeFile[] }> {
  const subject = { repo, revision: commit, ...(folder ? { path: folder } : {}) };
  const base = apiAddress(client.hub, repo, "tree", commit) + (folder ? `/${encodePath(folder)}` : "");
  let url: string | undefined = `${base}?recursive=true`;
  let name = repo;
  const files: TreeFile[] = [];
  for (let page = 0; url !== undefined && page < MAX_PAGES; page++) {
    const { json, response } = await askHub(client, url, subject);
    if (!Array.isArray(json)) throw strangeAnswer(client);
    files.push(...json.flatMap(treeFile));
    name = answeringRepo(response, name);
    url = nextPage(response, base);
  }
  return { repo: name, files };
}

function treeFile(entry: unknown): TreeFile[] {
  if (typeof entry !== "object" || entry === null) return [];
  const { type, path, size, lfs, xetHash } = entry as Record<string, unknown>;
  if (type !== "file" || typeof path !== "string" || typeof size !== "number") return [];
  const { oid, size: lfsSize } = typeof lfs === "object" && lfs !== null ? (lfs as Record<string, unknown>) : {};
  const file: TreeFile = { path, size: typeof lfsSize === "number" ? lfsSize : size };
  const hash = typeof oid === "string" ? oid : xetHash;
  if (typeof hash === "string") file.hash = hash;
  return [file];
}

/**
 * Where the next page is, from the `Link` header (RFC 8288). Only its query is taken: a mirror may pass on the original Hub's
 * address, and neither the list nor the token should go there.
 */
function nextPage(response: Response, base: string): string | undefined {
  const [, target] = /<([^>]*)>\s*;[^,]*\brel="?next"?/i.exec(response.headers.get("link") ?? "") ?? [];
  return target === undefined ? undefined : base + new URL(target, base).search;
}
