import { SIDES } from "../pairing/pair.ts";
import type { Link } from "../permalink/link-format.ts";
import type { AppState } from "./app-state.ts";
import { BLANK, type Course } from "./course.ts";
import { type AppStore, EMPTY_OPERAND, NO_ENGINE, NO_RENAME } from "./create-store.ts";
import { setAdapter, setOperand } from "./field-actions.ts";
import { DEFAULT_HUB, isUnasked, originOf, readHub } from "./hosts.ts";
import { newJob } from "./job.ts";
import type { LocalDrops } from "./local-drops.ts";
import { type Environment, namedIn, pinOf, type Refs, readField, ruleError } from "./opening.ts";
import { phaseOf } from "./phase.ts";

/** How a comparison begins: by hand, by a link, or by another rule for names. */
export function createCompareActions(
  store: AppStore,
  environment: Environment,
  course: Course,
  drops: LocalDrops,
  agreeToHub: () => void,
) {
  const set = (patch: Partial<AppState>) => store.setState(patch);

  /** The link that was opened last calls what stands in B an adapter. */
  let isAdapter = false;

  /** What the fields say; null where one of them cannot be read, which it says itself then. */
  function refsOf(): Refs | null {
    const { operands, hub } = store.getState();
    const { a: first, b: second, adapter: third } = operands;
    const texts = { a: first.text.trim(), b: second.text.trim(), adapter: third?.text.trim() ?? "" };
    // Without a second model the adapter is B, and one model in a later field only is still one model.
    if (!texts.b) [texts.b, texts.adapter] = [texts.adapter, ""];
    if (!texts.a && texts.b) [texts.a, texts.b] = [texts.b, ""];
    if (!texts.adapter) setAdapter(store, null);
    const a = readField(texts.a, hub, drops);
    const b = texts.b ? readField(texts.b, hub, drops) : null;
    const adapter = texts.adapter ? readField(texts.adapter, hub, drops) : null;
    const fields = { a, b, adapter };
    for (const side of SIDES) {
      const read = fields[side];
      const known = read && "ref" in read ? { text: read.text, revision: pinOf(read.ref) } : null;
      const error = read && "error" in read ? read.error : null;
      setOperand(store, side, { ...EMPTY_OPERAND, text: texts[side], ...known, error });
    }
    if ("error" in a || (b && "error" in b) || (adapter && "error" in adapter)) return null;
    return { a: a.ref, b: b?.ref ?? null, adapter: adapter?.ref ?? null, isAdapter };
  }

  const actions = {
    swap(): void {
      const { operands, comparison } = store.getState();
      const { status } = phaseOf(store.getState());
      store.setState({ operands: { ...operands, a: operands.b, b: operands.a }, rename: NO_RENAME });
      // Only what was compared here is compared again: neither a link that waits for consent nor a saved file connects.
      const saved = comparison !== null && !course.isStanding;
      const compared = status !== "empty" && status !== "consent" && !saved;
      if (compared && operands.a.text && operands.b.text) void actions.compare();
    },

    /** Compares what stands in the fields. The person asked for it, so any host they named is connected to. */
    async compare(): Promise<void> {
      course.typed = true;
      isAdapter = false;
      agreeToHub();
      course.end();
      set({ ...BLANK, notices: [], page: "main" });
      const refs = refsOf();
      if (!refs) return course.refuse("One of the references cannot be read.");
      await course.open(refs);
    },

    /** Opens a link: asks before it talks to a host that the link alone names. */
    async openLink(link: Link, problems: readonly string[] = []): Promise<void> {
      course.typed = false;
      isAdapter = link.adapter !== null && link.b === null;
      course.end();
      const read = readHub(link.hub ?? DEFAULT_HUB);
      const hub = "hub" in read ? read.hub : DEFAULT_HUB;
      set({
        ...BLANK,
        notices: [...problems],
        hub,
        exact: link.exact,
        engine: { ...NO_ENGINE, forced: link.engine },
        ...{ instrument: link.instrument, page: link.page, present: link.present, views: link.views },
        rename: { ...NO_RENAME, text: link.rename ?? "" },
        operands: {
          a: { ...EMPTY_OPERAND, text: link.a ?? "" },
          b: { ...EMPTY_OPERAND, text: link.b ?? link.adapter ?? "" },
          adapter: link.b && link.adapter ? { ...EMPTY_OPERAND, text: link.adapter } : null,
        },
      });
      if (!link.a && !link.b && !link.adapter) return course.enter(null);
      if ("error" in read) return course.refuse(read.error);
      const rule = ruleError(link.rename ?? "");
      if (rule) set({ rename: { ...NO_RENAME, error: rule }, notices: [...problems, rule] });
      const refs = refsOf();
      if (!refs) return course.refuse("One of the references in the link cannot be read.");
      const origins = namedIn(refs).map((ref) => originOf(ref, hub, environment.page));
      const asked = [...new Set(origins)].filter((origin) => !isUnasked(origin, environment.page));
      if (asked.length > 0) return course.enter(newJob("open", "waiting"), { hosts: asked });
      await course.open(refs);
    },

    /** The person agrees to the hosts that a link named. */
    async agree(): Promise<void> {
      if (phaseOf(store.getState()).status !== "consent") return;
      agreeToHub();
      const refs = refsOf();
      if (refs) await course.open(refs);
    },

    /** Rewrites B's names by a rule (`pattern => replacement`) and pairs again what is open; an empty text takes it back. */
    async setRename(text: string): Promise<void> {
      const rule = text.trim();
      const error = ruleError(rule);
      if (error) return set({ rename: { ...store.getState().rename, error } });
      const { comparison, operands } = store.getState();
      set({ rename: { ...NO_RENAME, text: rule } });
      if (!course.isStanding || (comparison && comparison.rename === rule)) return;
      if (course.isSurveyed) return course.pairAgain();
      // Its tensors are no longer kept. The fields may hold something else by now.
      if (comparison && operands.a.text === comparison.a.ref) await actions.compare();
    },
  };
  return actions;
}
