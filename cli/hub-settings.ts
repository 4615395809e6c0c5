import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { BadInput } from "./bad-input.ts";

/** Which Hub is asked, and where its files are kept on this machine: what the Hub's own tools take from the environment. */
export interface HubSettings {
  /** Origin, without a final slash. */
  hub: string;
  /** Folder of the repos, `models--org--name` each. */
  cache: string;
  /** Nothing is asked of the Hub: what is not in the cache is not there. */
  offline: boolean;
}

const DEFAULT_HUB = "https://huggingface.co";
/** What the Hub's tools take for yes. */
const YES = /^(?:1|on|yes|true)$/i;

/** Reads `HF_ENDPOINT`, `HF_HUB_CACHE`, `HF_HOME` and `HF_HUB_OFFLINE`. Throws `BadInput`. */
export function hubSettings(environment: NodeJS.ProcessEnv, offline: boolean): HubSettings {
  const { HF_ENDPOINT, HF_HUB_CACHE, HF_HOME, XDG_CACHE_HOME, HF_HUB_OFFLINE = "" } = environment;
  const home = HF_HOME || join(XDG_CACHE_HOME || join(homedir(), ".cache"), "huggingface");
  return {
    hub: HF_ENDPOINT ? originOf(HF_ENDPOINT) : DEFAULT_HUB,
    cache: resolve(untilded(HF_HUB_CACHE || join(home, "hub"))),
    offline: offline || YES.test(HF_HUB_OFFLINE),
  };
}

/** `~` at the beginning is the person's own folder. */
export const untilded = (path: string): string => path.replace(/^~(?=$|\/)/, homedir());

function originOf(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url && /^https?:$/.test(url.protocol)) return url.origin;
  throw new BadInput(
    `HF_ENDPOINT is "${address}", which is no web address. Set it to one such as ${DEFAULT_HUB}, or unset it.`,
  );
}
