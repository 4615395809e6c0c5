import { expect, test } from "vitest";
import { progressWords } from "./progress-line.ts";
import { progressOn } from "./testing/command-line.ts";

test("a terminal is told bytes, rate and time left on one line, which is taken away again", () => {
  const { progress, written } = progressOn(true);
  progress.begin(4e9);
  for (const [second, bytes] of [0, 1e9, 2e9].entries()) progress.note(bytes, 1000 + 1000 * second);
  progress.clear();
  expect(written.at(-2)).toBe("\r2.00 of 4.00 GB · 1000 MB/s · 2 s left\u001b[K");
  expect(written.at(-1)).toBe("\r\u001b[K");
  expect(written.join("")).not.toContain("\n");
});

test("a busy host is named until it is over", () => {
  const { progress, written } = progressOn(true);
  const over = progress.wait({ host: "hub.example", until: 0 });
  expect(written.at(-1)).toContain("hub.example is busy, asked again at ");
  over();
  progress.note(1, 1000);
  expect(written.at(-1)).not.toContain("hub.example");
});

test("anything else is told nothing", () => {
  const { progress, written } = progressOn(false);
  progress.begin(4e9);
  progress.wait({ host: "hub.example", until: 0 });
  for (let i = 0; i < 9; i++) progress.note(i * 1e8, 1000 * i);
  progress.clear();
  expect(written).toEqual([]);
});

test("long times are told in minutes and hours", () => {
  expect(progressWords(0, 1e12, 1e9)).toBe("0.00 of 1000.00 GB · 1000 MB/s · 17 min left");
  expect(progressWords(0, 1e12, 1e8)).toBe("0.00 of 1000.00 GB · 100 MB/s · 2 h 47 min left");
  expect(progressWords(1e9, 2e9, null)).toBe("1.00 of 2.00 GB");
});
