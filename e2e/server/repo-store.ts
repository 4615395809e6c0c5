import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** Files by path. Text is stored as UTF-8. */
export type Files = Readonly<Record<string, Uint8Array | string>>;

export interface RepoSpec {
  /** Files at `main`, if that is all there is. */
  files?: Files;
  /** Files by branch, tag or `refs/pr/N`. */
  revisions?: Readonly<Record<string, Files>>;
  /** Listing is open to all, files are only for tokens that have access. */
  gated?: boolean;
  /** Nothing is open except to tokens that have access. */
  private?: boolean;
  /** What the model card says it was made from. */
  baseModel?: string | readonly string[];
  /** Former names, and short ones, that are redirected here. */
  aliases?: readonly string[];
}

export interface StoredFile {
  path: string;
  bytes: Uint8Array;
  /** Kept in LFS, so handed out by the CDN: weights, and whatever is large. */
  lfs: boolean;
  /** In LFS the sha256 of the content, else the git blob's sha1. */
  oid: string;
  /** What the CDN uses as the file's ETag. */
  xetHash: string;
}

export interface StoredRepo {
  name: string;
  spec: RepoSpec;
  /** Files by commit. */
  commits: Map<string, Map<string, StoredFile>>;
  /** Commit by branch, tag or `refs/pr/N`. */
  refs: Map<string, string>;
}

const LARGE = 1_000_000;
const IN_LFS = /\.(?:safetensors|bin|gguf|pt|h5)$/;

export function storeRepos(specs: Readonly<Record<string, RepoSpec>>): Map<string, StoredRepo> {
  return new Map(Object.entries(specs).map(([name, spec]) => [name, storeRepo(name, spec)]));
}

function storeRepo(name: string, spec: RepoSpec): StoredRepo {
  const repo: StoredRepo = { name, spec, commits: new Map(), refs: new Map() };
  const revisions = { ...(spec.files ? { main: spec.files } : {}), ...spec.revisions };
  for (const [ref, files] of Object.entries(revisions)) {
    const stored = Object.entries(files).map(([path, content]) => storeFile(path, content));
    const commit = hash("sha1", [name, ref, ...stored.map(({ path, oid }) => path + oid)].join("\n"));
    repo.commits.set(commit, new Map(stored.map((file) => [file.path, file])));
    repo.refs.set(ref, commit);
  }
  return repo;
}

function storeFile(path: string, content: Uint8Array | string): StoredFile {
  const bytes = toBytes(content);
  const lfs = IN_LFS.test(path) || bytes.length > LARGE;
  const sha256 = hash("sha256", bytes);
  const oid = lfs ? sha256 : hash("sha1", Buffer.concat([Buffer.from(`blob ${bytes.length}\0`), bytes]));
  return { path, bytes, lfs, oid, xetHash: hash("sha256", `xet ${sha256}`) };
}

export const toBytes = (content: Uint8Array | string): Uint8Array =>
  typeof content === "string" ? new TextEncoder().encode(content) : content;

const hash = (algorithm: string, data: Uint8Array | string): string => createHash(algorithm).update(data).digest("hex");

/** Signs the addresses of files on the CDN and checks them; `revoke` makes all that were given out expire. No clock does so. */
export class Signer {
  private secret = randomBytes(16);

  sign(path: string, lifetime: number): string {
    const expires = Math.floor(Date.now() / 1000 + lifetime);
    const signature = lifetime < 0 ? "expired" : this.signature(path, String(expires));
    return `${path}?Expires=${expires}&Signature=${signature}&Key-Pair-Id=TESTKEY`;
  }

  isGood(path: string, query: URLSearchParams): boolean {
    const expires = query.get("Expires") ?? "";
    const expected = Buffer.from(this.signature(path, expires));
    const given = Buffer.from(query.get("Signature") ?? "");
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  revoke(): void {
    this.secret = randomBytes(16);
  }

  private signature(path: string, expires: string): string {
    return createHmac("sha256", this.secret).update(`${path}\n${expires}`).digest("hex");
  }
}
