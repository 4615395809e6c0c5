import { percentDecoded } from "./percent-decoded.ts";

/** Address of a model's API: `…/api/models/<repo>/<call>/<revision>`; the slashes of a revision are encoded, as the Hub asks. */
export function apiAddress(hub: string, repo: string, call: "revision" | "tree", revision: string): string {
  return new URL(`/api/models/${repo}/${call}/${encodeURIComponent(revision)}`, hub).href;
}

/** Address at which the Hub hands out, or redirects to, one file of a repo. */
export function resolveAddress(hub: string, repo: string, revision: string, path: string): string {
  return new URL(`/${repo}/resolve/${encodeURIComponent(revision)}/${encodePath(path)}`, hub).href;
}

/** A path for use in an address, every segment encoded. */
export function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

/** The repo that really answered: a renamed one is redirected to under its new name. */
export function answeringRepo(response: Response, repo: string): string {
  const [, found] = /^\/api\/models\/(.+?)\/(?:revision|tree)\//.exec(new URL(response.url).pathname) ?? [];
  return found ? percentDecoded(found) : repo;
}
