import { placeTensors } from "../taxonomy/place-tensors.ts";
import { partOf } from "../tensors/part-of.ts";
import { isPlain, type View } from "../tensors/view.ts";
import type { Views } from "../tensors/views-of.ts";
import { type Match, type Placed, sameRows } from "./match.ts";
import { matchFused } from "./match-fused.ts";
import { orient } from "./orient.ts";
import type { Pair, Pairing, Unpaired } from "./pair.ts";
import { type RenameRule, renamed } from "./rename-rule.ts";
import { unpairedOf } from "./unpaired.ts";
import { wrapperFreeName } from "./wrapper-free-name.ts";

const isVocabularyRole = (role: string): boolean => /^(?:embed\.tok|head\.lm)(?:\.bias)?$/.test(role);

const place = (operand: Views): Placed[] => {
  const places = placeTensors(operand.views);
  return operand.views.map((view, i) => ({ view, place: places[i] }));
};

/** By a name that only one of them has. */
function byUniqueName(side: readonly Placed[], nameOf: (name: string) => string): Map<string, Placed> {
  const found = new Map<string, Placed | null>();
  for (const placed of side) {
    const name = nameOf(placed.view.name);
    found.set(name, found.has(name) ? null : placed);
  }
  return new Map([...found].filter((entry): entry is [string, Placed] => entry[1] !== null));
}

/**
 * Tensors of one name: whole where their shapes agree or one of them is turned round, the common rows where only the
 * vocabulary's size differs. Empty where they cannot be compared.
 */
function match(own: Placed, partner: Placed): Match[] {
  const from = { a: own.view.name, b: partner.view.name };
  const oriented = orient(own.view, partner.view);
  if (oriented.length > 0)
    return oriented.map(({ a, b, at }) => {
      const place = at === undefined ? own.place : { ...own.place, expert: at };
      return { name: a.name, a, b, place, from, surplus: [] };
    });
  const [a, b] = [own.view, partner.view];
  const common = Math.min(a.shape[0] ?? 0, b.shape[0] ?? 0);
  if (!isVocabularyRole(own.place.role) || !sameRows(a, b) || common === 0) return [];
  const [side, longer] = a.count > b.count ? (["a", a] as const) : (["b", b] as const);
  const more = (longer.shape[0] ?? 0) - common;
  const surplus: Unpaired = {
    side,
    name: `${longer.name}[${common}:${common + more}]`,
    reason: `The vocabulary of ${side.toUpperCase()} is larger by ${more}; these rows stand behind the ${common} that are compared.`,
  };
  const rows = [0, common] as const;
  const [partA, partB] = [partOf(a, { rows }), partOf(b, { rows })];
  return [{ name: a.name, a: partA, b: partB, place: own.place, from, surplus: [surplus] }];
}

function matchByName(
  a: readonly Placed[],
  b: readonly Placed[],
  nameA: (name: string) => string,
  nameB = nameA,
): Match[] {
  const partners = byUniqueName(b, nameB);
  return [...byUniqueName(a, nameA)].flatMap(([name, own]) => {
    const partner = partners.get(name);
    return partner ? match(own, partner) : [];
  });
}

/**
 * A head that one side stores and the other shares with its token embedding (`tie_word_embeddings`): the head is compared
 * with the embedding that stands in for it.
 */
function matchTiedHead(a: readonly Placed[], b: readonly Placed[], tied: { a: boolean; b: boolean }): Match[] {
  const only = (side: readonly Placed[], role: string) => {
    const found = side.filter((placed) => placed.place.role === role);
    return found.length === 1 ? found[0] : undefined;
  };
  const [headA, headB] = [only(a, "head.lm"), only(b, "head.lm")];
  const [embedA, embedB] = [only(a, "embed.tok"), only(b, "embed.tok")];
  if (!headA && headB && tied.a && embedA) {
    return match({ view: embedA.view, place: headB.place }, headB).map((found) => ({
      ...found,
      name: headB.view.name,
    }));
  }
  if (headA && !headB && tied.b && embedB) return match(headA, embedB);
  return [];
}

/** Whether the bytes must be the same: they lie at one place in two files of one content, and mean the same. */
function liesIdentically(a: View, b: View, hashesA: Views["hashes"], hashesB: Views["hashes"]): boolean {
  const sameFile = (x: number, y: number) => (hashesA[x] ?? null) !== null && hashesA[x] === hashesB[y];
  if (!sameFile(a.file, b.file) || a.dtype !== b.dtype) return false;
  if (a.span.begin !== b.span.begin || a.span.end !== b.span.end) return false;
  if (isPlain(a) && isPlain(b)) return true;
  const meaning = ({ encoding, order }: View) => {
    const auxiliary = encoding?.auxiliary.map(({ file, ...rest }) => rest);
    return JSON.stringify([{ ...encoding, auxiliary }, order]);
  };
  const filesOf = ({ encoding }: View) => encoding?.auxiliary.map(({ file }) => file) ?? [];
  const filesB = filesOf(b);
  return meaning(a) === meaning(b) && filesOf(a).every((file, i) => sameFile(file, filesB[i]));
}

/** One model alone: each of its views is a pair whose `b` is null and whose `nameB` is empty. */
function alone(a: Views): Pairing {
  const pairs = place(a).map(({ view, place: at }, index): Pair => {
    const { name, count } = view;
    return { index, name, nameB: "", a: view, b: null, adapter: null, place: at, count };
  });
  return { pairs, unpaired: a.left.map(({ name, reason }) => ({ side: "a", name, reason })) };
}

/**
 * Pairs the views of A and B, in A's order. They are matched by name, B's names rewritten by `rename`; then, of those that
 * are left, by name without the words of wrappers, by role where one side fuses what the other keeps apart, and a stored
 * head with a tied one. Shapes must be the same, or each other's transpose, but for vocabularies, of which the common rows are compared; dtypes may
 * differ. Pairs whose files have the same hash are marked identical. Every tensor that is in no pair is listed once, with
 * its side and a sentence that says why. With `b` null A is looked at alone.
 */
export function pairViews(a: Views, b: Views | null, rename: RenameRule | null = null): Pairing {
  if (!b) return alone(a);
  const [placedA, placedB] = [place(a), place(b)];
  const matches: Match[] = [];
  const taken = { a: new Set<string>(), b: new Set<string>() };
  const rest = () => [
    placedA.filter(({ view }) => !taken.a.has(view.name)),
    placedB.filter(({ view }) => !taken.b.has(view.name)),
  ];
  const take = (found: readonly Match[]) => {
    for (const { from } of found) {
      taken.a.add(from.a);
      taken.b.add(from.b);
    }
    matches.push(...found);
  };
  take(
    matchByName(
      placedA,
      placedB,
      (name) => name,
      (name) => renamed(name, rename),
    ),
  );
  const byName = (name: string) => wrapperFreeName(renamed(name, rename));
  const [restA, restB] = rest();
  take(matchByName(restA, restB, wrapperFreeName, byName));
  const [leftA, leftB] = rest();
  take(matchFused(leftA, leftB, { a: a.heads ?? null, b: b.heads ?? null }));
  take(matchTiedHead(placedA, placedB, { a: a.tied, b: b.tied }));

  const order = new Map(a.views.map(({ name }, i) => [name, i]));
  const position = ({ from, a: view }: Match): [number, number] => [order.get(from.a) ?? 0, view.span.begin];
  matches.sort((x, y) => position(x)[0] - position(y)[0] || position(x)[1] - position(y)[1]);
  const pairs = matches.map((found, index): Pair => {
    const pair: Pair = {
      index,
      name: found.name,
      nameB: found.b.name,
      a: found.a,
      b: found.b,
      adapter: null,
      place: found.place,
      count: found.a.count,
    };
    if (liesIdentically(found.a, found.b, a.hashes, b.hashes)) pair.identical = true;
    return pair;
  });
  const surplus = matches.flatMap((found) => found.surplus);
  return { pairs, unpaired: [...surplus, ...unpairedOf({ a, b }, { a: placedA, b: placedB }, taken)] };
}
