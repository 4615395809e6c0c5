import { isLocal } from "./local-drops.ts";

/** A pair that was compared here: what stood in the fields, and the origin of the Hub that was asked. */
export interface RecentPair {
  a: string;
  b: string;
  hub: string;
}

const KEY = "auscult.recent";
const MOST = 8;

const isPair = (value: unknown): value is RecentPair =>
  typeof value === "object" &&
  value !== null &&
  ["a", "b", "hub"].every((key) => typeof (value as Record<string, unknown>)[key] === "string") &&
  URL.canParse((value as RecentPair).hub);

/** The pairs that this browser has kept, newest first. */
export function readRecentPairs(): RecentPair[] {
  const list = withStorage((storage): unknown => JSON.parse(storage.getItem(KEY) ?? "[]"));
  return Array.isArray(list) ? list.filter(isPair).slice(0, MOST) : [];
}

/** Keeps the list in this browser; an empty one leaves nothing behind. */
export function keepRecentPairs(list: readonly RecentPair[]): void {
  withStorage((storage) => (list.length > 0 ? storage.setItem(KEY, JSON.stringify(list)) : storage.removeItem(KEY)));
}

/**
 * The list with `pair` at its head. Without its commits, unless they are what tells both sides apart. Left out are demos,
 * which have a button of their own, files of this machine, which could not be opened again, and addresses with a query, which
 * may be a key.
 */
export function withRecentPair(list: readonly RecentPair[], pair: RecentPair): readonly RecentPair[] {
  const refs = [pair.a, pair.b];
  if (refs.some((ref) => isLocal(ref) || /^https?:.*\?/i.test(ref)) || refs.every((ref) => /^demo:/i.test(ref)))
    return list;
  const [a, b] = refs.map((ref) => ref.replace(/@[0-9a-f]{40}(?=:|$)/, ""));
  const kept = a === b ? pair : { ...pair, a, b };
  const others = list.filter((one) => one.a !== kept.a || one.b !== kept.b || one.hub !== kept.hub);
  return [kept, ...others].slice(0, MOST);
}

/** A browser that blocks storage, or has none left, throws on access or on use; the page then remembers nothing. */
function withStorage<Answer>(use: (storage: Storage) => Answer): Answer | null {
  try {
    return globalThis.localStorage ? use(globalThis.localStorage) : null;
  } catch {
    return null;
  }
}
