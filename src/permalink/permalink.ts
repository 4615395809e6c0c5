import { DEFAULT_VIEW, type ViewState } from "../instruments/delta/view-state.ts";
import type { EngineName } from "../kernels/engine.ts";

/** What a hash says: where the data is, and how it is being viewed. */
export interface Link {
  a: string | null;
  b: string | null;
  adapter: string | null;
  /** How names of B are rewritten before they are looked for in A: `pattern => replacement`. */
  rename: string | null;
  /** Origin of the Hub; null: the default one. */
  hub: string | null;
  engine: EngineName | null;
  /** Start the scan without waiting for a click, where the rules allow it. */
  exact: boolean;
  view: ViewState;
}

export const EMPTY_LINK: Readonly<Link> = {
  a: null,
  b: null,
  adapter: null,
  rename: null,
  hub: null,
  engine: null,
  exact: false,
  view: DEFAULT_VIEW,
};

/** The only version so far; raised when an old link would open a different picture. */
const VERSION = "1";

const CHOICES = {
  page: ["main", "methods", "report"],
  metric: [
    ...["norm", "relative", "rescale", "changed", "normA", "adapter"],
    ...["share", "residual", "energy", "dip", "valley"],
  ],
  group: ["matrix", "norm", "bias", "other"],
  figure: ["ours", "2", "2b", "3"],
  denominator: ["both", "abs", "signed"],
  beyond: ["bars", "drop", "pile"],
  unchanged: ["show", "hide"],
} as const satisfies { [K in keyof ViewState]?: readonly ViewState[K][] };

const ENGINES: readonly string[] = ["wgsl", "wasm", "reference"];
const TEXTS = ["module", "cell", "experts", "find", "sort"] as const;
const SWITCHES = ["log", "present"] as const;

function readView(params: URLSearchParams, problems: string[]): ViewState {
  const view: Record<string, unknown> = { ...DEFAULT_VIEW };
  for (const [key, allowed] of Object.entries(CHOICES)) {
    const value = params.get(key);
    if (value === null) continue;
    if ((allowed as readonly string[]).includes(value)) view[key] = value;
    else problems.push(`The link asks for ${key}=${value}, which this page does not know; it shows the usual one.`);
  }
  for (const key of TEXTS) view[key] = params.get(key) ?? DEFAULT_VIEW[key];
  for (const key of SWITCHES) view[key] = params.get(key) === "1";
  const every = Number(params.get("every") ?? 0);
  view.every = Number.isInteger(every) && every >= 0 && every <= 1000 ? every : 0;
  return view as unknown as ViewState;
}

/**
 * Reads a location hash. Never throws: what it cannot read falls back alone and is named in `problems`, so that a link
 * with a bad view still opens its data. Unknown keys are ignored.
 */
export function parseLink(hash: string): { link: Link; problems: string[] } {
  const params = new URLSearchParams(hash.replace(/^#/, "").replaceAll("+", "%2B"));
  const problems: string[] = [];
  const version = params.get("v");
  if (version !== null && version !== VERSION)
    problems.push(
      `The link was made by another version of this page (v=${version}); parts of its view may be missing.`,
    );
  const engine = params.get("engine");
  if (engine !== null && !ENGINES.includes(engine))
    problems.push(`The link asks for engine=${engine}; known are wgsl, wasm and reference.`);
  const text = (key: string) => params.get(key)?.trim() || null;
  return {
    link: {
      a: text("a"),
      b: text("b"),
      adapter: text("adapter"),
      rename: text("rename"),
      hub: text("hub"),
      engine: engine !== null && ENGINES.includes(engine) ? (engine as EngineName) : null,
      exact: params.get("scan") === "exact",
      view: readView(params, problems),
    },
    problems,
  };
}

/** Percent-encodes what a query value must not hold, and leaves `/ : @ ,` readable: links are read by people too. */
const encode = (value: string): string =>
  encodeURIComponent(value).replace(/%(2F|3A|40|2C)/g, (code) => decodeURIComponent(code));

/** Writes the hash of a link, `#` included; what is as usual is left out. Empty when there is nothing to say. */
export function formatLink(link: Link): string {
  const pairs: [string, string][] = [];
  const put = (key: string, value: string | null) => value && pairs.push([key, value]);
  put("a", link.a);
  put("b", link.b);
  put("adapter", link.adapter);
  put("rename", link.rename);
  put("hub", link.hub);
  put("engine", link.engine);
  put("scan", link.exact ? "exact" : null);
  for (const key of Object.keys(DEFAULT_VIEW) as (keyof ViewState)[]) {
    const value = link.view[key];
    if (value !== DEFAULT_VIEW[key]) put(key, value === true ? "1" : String(value));
  }
  if (pairs.length === 0) return "";
  return `#v=${VERSION}&${pairs.map(([key, value]) => `${key}=${encode(value)}`).join("&")}`;
}
