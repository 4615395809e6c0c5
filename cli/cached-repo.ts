import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Ref } from "../src/hub/ref.ts";
import { isCommit } from "../src/hub/resolve-revision.ts";

export type HubRef = Extract<Ref, { kind: "hub" }>;

/** A repo at a commit in the Hub's cache on this machine. */
export interface CachedRepo {
  repo: string;
  commit: string;
  /** Its snapshot: links to blobs, under the names that the repo has for them. */
  folder: string;
}

const folderOf = (cache: string, repo: string): string => join(cache, `models--${repo.replaceAll("/", "--")}`);

/** Whether anything of a repo is in the cache. */
export const isCached = (cache: string, repo: string): Promise<boolean> => isFolder(folderOf(cache, repo));

const isFolder = async (path: string): Promise<boolean> => (await stat(path).catch(() => null))?.isDirectory() ?? false;

/** A repo's snapshot at a commit; null where there is none. */
export async function snapshotAt(cache: string, repo: string, commit: string): Promise<CachedRepo | null> {
  const folder = join(folderOf(cache, repo), "snapshots", commit);
  return (await isFolder(folder)) ? { repo, commit, folder } : null;
}

/** What the cache has of a repo at a revision, as it was when it was fetched; null where it has nothing. */
export async function cachedAt(cache: string, { repo, revision = "main" }: HubRef): Promise<CachedRepo | null> {
  if (isCommit(revision)) return snapshotAt(cache, repo, revision.toLowerCase());
  const ref = join(folderOf(cache, repo), "refs", ...revision.split("/"));
  const commit = (await readFile(ref, "utf8").catch(() => "")).trim();
  return isCommit(commit) ? snapshotAt(cache, repo, commit) : null;
}

/** What a path stands for that leads into a cache: a repo's folder, or one of its snapshots; null for any other path. */
export async function cachedAtPath(path: string): Promise<CachedRepo | null> {
  const [, cache = "", folder = "", commit] =
    /^(.*)\/models--([^/]+)(?:\/snapshots\/([0-9a-f]{40}))?$/i.exec(path) ?? [];
  if (folder === "") return null;
  const repo = folder.replaceAll("--", "/");
  if (commit !== undefined) return snapshotAt(cache, repo, commit);
  const main = await cachedAt(cache, { kind: "hub", repo });
  if (main) return main;
  const [only, ...more] = await readdir(join(path, "snapshots")).catch(() => [] as string[]);
  return only !== undefined && more.length === 0 ? snapshotAt(cache, repo, only) : null;
}

/** The hash that a blob of the cache is named by, where it is the SHA-256 of its content. */
export async function blobHash(path: string): Promise<string | undefined> {
  const name = basename(await realpath(path));
  return /^[0-9a-f]{64}$/.test(name) ? name : undefined;
}
