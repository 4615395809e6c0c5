import type { Ref } from "../hub/ref.ts";

/** The Hub that is used, and connected to unasked, unless a link or the person names another. */
export const DEFAULT_HUB = "https://huggingface.co";

/** The origin that a reference makes the page talk to first; its own for what is on this machine. */
export function originOf(ref: Ref, hub: string, page: string): string {
  if (ref.kind === "hub") return hub;
  return ref.kind === "url" ? new URL(ref.url).origin : page;
}

export const isLoopback = (origin: string): boolean =>
  /^https?:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/.test(origin);

/** Origins a link may make the page talk to without asking: the default Hub, the page's own, and this machine. */
export const isUnasked = (origin: string, page: string): boolean =>
  origin === DEFAULT_HUB || origin === page || isLoopback(origin);

/** Reads the address of a Hub as a person or a link writes it: its origin, or the sentence that says what is wrong. */
export function readHub(text: string): { hub: string } | { error: string } {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null;
  if (url && /^https?:$/.test(url.protocol) && url.host) return { hub: url.origin };
  return { error: `The Hub “${text}” is not a web address. Write it like ${DEFAULT_HUB}.` };
}
