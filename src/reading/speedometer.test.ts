import { expect, test } from "vitest";
import { Speedometer } from "./speedometer.ts";

/** Bytes in all by each time in milliseconds, and the rate that is shown then. */
const RIDES: { name: string; notes: [bytes: number, time: number, rate: number | null][] }[] = [
  { name: "no rate from one note", notes: [[5000, 0, null]] },
  {
    name: "none before 200 ms, where it would jump about",
    notes: [
      [0, 0, null],
      [1000, 199, null],
      [1000, 200, 5000],
    ],
  },
  {
    name: "none while nothing comes",
    notes: [
      [700, 0, null],
      [700, 1000, null],
      [1700, 2000, 500],
    ],
  },
  {
    name: "looks back four seconds",
    notes: [
      [0, 0, null],
      [9000, 1000, 9000],
      [10000, 2000, 5000],
      [11000, 3000, 11000 / 3],
      [12000, 4000, 3000],
      [13000, 5000, 1000],
    ],
  },
  {
    name: "none where bytes are read again",
    notes: [
      [9000, 0, null],
      [4000, 500, null],
    ],
  },
  {
    name: "forgets what was before a pause",
    notes: [
      [0, 0, null],
      [1000, 1000, 1000],
      [1000, 600_000, null],
      [1500, 600_500, 1000],
    ],
  },
];

test.each(RIDES)("$name", ({ notes }) => {
  const speedometer = new Speedometer();
  const rates = notes.map(([bytes, time]) => speedometer.note(bytes, time));
  expect(rates).toEqual(notes.map(([, , rate]) => rate));
});
