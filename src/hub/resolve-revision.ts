import { answeringRepo, apiAddress } from "./hub-address.ts";
import { askHub, type HubClient, strangeAnswer } from "./hub-client.ts";
import { isRepoId } from "./ref-grammar.ts";

/** A full commit hash, which needs no resolving. */
export const isCommit = (revision: string): boolean => /^[\da-f]{40}$/i.test(revision);

/**
 * Asks the Hub, in one request, which commit a branch, tag or `refs/pr/N` stands at, and what the repo is called now (renamed
 * repos and short names like `gpt2` answer under another name). Throws `HubError` or `ReadError`.
 */
export async function resolveRevision(
  client: HubClient,
  repo: string,
  revision: string,
): Promise<{ repo: string; commit: string }> {
  const { json, response } = await askHub(client, apiAddress(client.hub, repo, "revision", revision), {
    repo,
    revision,
  });
  const { sha, id } = typeof json === "object" && json !== null ? (json as { sha?: unknown; id?: unknown }) : {};
  if (typeof sha !== "string" || !isCommit(sha)) throw strangeAnswer(client);
  const name = typeof id === "string" && isRepoId(id) ? id : answeringRepo(response, repo);
  return { repo: name, commit: sha };
}
