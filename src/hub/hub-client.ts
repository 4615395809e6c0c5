import { ReadError } from "../bytes/read-error.ts";
import type { ReadOptions } from "../bytes/read-range.ts";
import { readWhole } from "../bytes/read-whole.ts";
import { explainHubStatus, type HubAsker, type HubSubject } from "./explain-hub-status.ts";

/** A Hub, who asks it, and how requests are made. */
export interface HubClient extends HubAsker {
  /** What all requests share: signal, counters, retries. */
  options: ReadOptions;
}

/** Origins of Hubs that let pages read what they answer; when they seem not to, they are busy. */
const readable = new Set(["https://huggingface.co"]);

/** A tree page of a thousand entries is about 300 kB; model cards can make an info answer large. */
const MAX_ANSWER = 32 * 2 ** 20;

/** The options for a request to `url` about `subject`: the token where it belongs, and the Hub's errors as sentences. */
export function hubOptions(client: HubClient, url: string, subject: HubSubject): ReadOptions {
  const options: ReadOptions = {
    ...client.options,
    wasReadable: readable.has(new URL(client.hub).origin),
    explainStatus: (response) => explainHubStatus(response, client, subject),
  };
  if (client.token && new URL(url).origin === new URL(client.hub).origin) {
    options.authorization = `Bearer ${client.token}`;
  }
  return options;
}

/** Asks an API address of the Hub. Returns the parsed JSON, which is not to be trusted, and the answer it came in. */
export async function askHub(
  client: HubClient,
  url: string,
  subject: HubSubject,
): Promise<{ json: unknown; response: Response }> {
  const { bytes, response } = await readWhole(url, MAX_ANSWER, hubOptions(client, url, subject));
  readable.add(new URL(client.hub).origin);
  try {
    return { json: JSON.parse(new TextDecoder().decode(bytes)), response };
  } catch (cause) {
    throw strangeAnswer(client, cause);
  }
}

/** For an answer that no Hub would give. */
export function strangeAnswer({ hub }: HubClient, cause?: unknown): ReadError {
  return new ReadError(
    "HttpStatus",
    `${new URL(hub).host} answered with something that is not the Hub's API. Check the address of the Hub.`,
    { cause },
  );
}
