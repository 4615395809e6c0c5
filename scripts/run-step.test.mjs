import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { runStep } from "./run-step.mjs";

/** @param {string} code */
const node = (code) => ({ command: process.execPath, args: ["-e", code], capture: true });

// Whoever runs these tests may have measured this machine.
beforeEach(() => void vi.stubEnv("AUSCULT_SLOWNESS", "1"));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

test("gives what a command wrote on both ways, and the end of a sentence where it fails", async () => {
  const step = await runStep(node("console.log('one'); console.error('two'); process.exitCode = 3"));
  expect(step).toMatchObject({ ok: false, reason: "ended with status 3" });
  expect(step.output.split("\n").sort()).toEqual(["", "one", "two"]);
  expect(await runStep(node("console.log('one')"))).toMatchObject({ ok: true, reason: "", output: "one\n" });
});

test("says what cannot be started", async () => {
  const { ok, reason } = await runStep({ command: "/no/such/program", capture: true });
  expect([ok, reason]).toEqual([false, expect.stringMatching(/^could not be started \(.*ENOENT/)]);
});

/** A command that never ends by itself, and goes as soon as it is told to. */
const endless = node("setInterval(() => {}, 1000)");

test("ends a command that has not written anything for so long as only a hung one does", async () => {
  vi.useFakeTimers();
  const step = runStep(endless);
  vi.advanceTimersByTime(300_000);
  expect(await step).toMatchObject({ ok: false, reason: "wrote nothing for 300 s and was ended" });
});

test("waits longer on a slow machine", async () => {
  vi.stubEnv("AUSCULT_SLOWNESS", "2.5");
  vi.useFakeTimers();
  let over = false;
  const step = runStep(endless).finally(() => {
    over = true;
  });
  vi.advanceTimersByTime(749_000);
  expect(vi.getTimerCount()).toBe(1);
  expect(over).toBe(false);
  vi.advanceTimersByTime(1000);
  expect(await step).toMatchObject({ reason: "wrote nothing for 750 s and was ended" });
});

test("a limit by the clock is kept where one is given, however much is written", async () => {
  vi.useFakeTimers();
  const step = runStep({ ...endless, timeoutSeconds: 5 });
  vi.advanceTimersByTime(5000);
  expect(await step).toMatchObject({ reason: "did not finish within 5 s and was ended" });
});
