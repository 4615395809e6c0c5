import { expect, test } from "vitest";
import { Ring } from "./ring.ts";

/** A ring that numbers its things, and loans that end when they are told to. */
function setUp(size: number) {
  let made = 0;
  const ring = new Ring(size, () => ++made);
  const lent: { thing: number; name: string; end: () => void; fail: (error: Error) => void }[] = [];
  const borrow = (name: string) =>
    ring.lend(
      (thing) => new Promise<string>((resolve, fail) => lent.push({ thing, name, end: () => resolve(name), fail })),
    );
  return { ring, lent, borrow };
}

test("things are made as they are needed, never more than the ring holds", async () => {
  const { ring, lent, borrow } = setUp(3);
  const loans = ["a", "b", "c", "d", "e"].map(borrow);
  await Promise.resolve();
  expect(lent.map(({ thing, name }) => `${name}${thing}`)).toEqual(["a1", "b2", "c3"]);
  expect(ring.made).toEqual([1, 2, 3]);
  lent[1].end();
  await loans[1];
  // The one that waited longest gets what has come free.
  expect(lent.map(({ thing, name }) => `${name}${thing}`)).toEqual(["a1", "b2", "c3", "d2"]);
});

test("a thing comes back where its use failed, and things take turns", async () => {
  const { ring, lent, borrow } = setUp(2);
  const [a, b] = ["a", "b"].map(borrow);
  await Promise.resolve();
  lent[0].fail(new Error("broken"));
  await expect(a).rejects.toThrow("broken");
  lent[1].end();
  await b;
  const loans = ["c", "d"].map(borrow);
  await Promise.resolve();
  expect(lent.slice(2).map(({ thing, name }) => `${name}${thing}`)).toEqual(["c1", "d2"]);
  for (const { end } of lent) end();
  expect(await Promise.all(loans)).toEqual(["c", "d"]);
  expect(ring.made).toHaveLength(2);
});
