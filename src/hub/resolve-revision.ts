import { baseModelOf } from "./base-model.ts";
import { answeringRepo, apiAddress } from "./hub-address.ts";
import { askHub, type HubClient, strangeAnswer } from "./hub-client.ts";
import { isRepoId } from "./ref-grammar.ts";

/** A full commit hash, which needs no resolving. */
export const isCommit = (revision: string): boolean => /^[\da-f]{40}$/i.test(revision);

export interface ResolvedRevision {
  /** What the repo is called now: renamed repos and short names like `gpt2` answer under another name. */
  repo: string;
  commit: string;
  /** The repo that its model card says it was made from. */
  baseModel?: string;
}

/**
 * Asks the Hub, in one request, which commit a branch, tag or `refs/pr/N` stands at, and what else it says there. Throws `HubError` or `ReadError`.
 */
export async function resolveRevision(client: HubClient, repo: string, revision: string): Promise<ResolvedRevision> {
  const { json, response } = await askHub(client, apiAddress(client.hub, repo, "revision", revision), {
    repo,
    revision,
  });
  const { sha, id } = typeof json === "object" && json !== null ? (json as { sha?: unknown; id?: unknown }) : {};
  if (typeof sha !== "string" || !isCommit(sha)) throw strangeAnswer(client);
  const name = typeof id === "string" && isRepoId(id) ? id : answeringRepo(response, repo);
  const baseModel = baseModelOf(json);
  return { repo: name, commit: sha, ...(baseModel === undefined || baseModel === name ? {} : { baseModel }) };
}
