import { askHub, type HubClient } from "./hub-client.ts";
import { isRepoId } from "./ref-grammar.ts";

/** Most suggestions that are shown at once. */
const LIMIT = 8;

/**
 * Repos with safetensors whose name holds `text`, the most downloaded first: one request. An answer that is no list gives
 * none, for suggestions are only a help. Throws `HubError` or `ReadError`, or the signal's reason.
 */
export async function searchModels(client: HubClient, text: string): Promise<string[]> {
  const url = new URL("/api/models", client.hub);
  url.search = new URLSearchParams({
    ...{ search: text, filter: "safetensors", sort: "downloads", direction: "-1", limit: `${LIMIT}` },
  }).toString();
  const { json } = await askHub(client, url.href, { repo: text, revision: "main" });
  if (!Array.isArray(json)) return [];
  const names = json.map((entry: unknown) =>
    typeof entry === "object" && entry !== null ? (entry as { id?: unknown }).id : undefined,
  );
  return names.filter((name): name is string => typeof name === "string" && isRepoId(name)).slice(0, LIMIT);
}
