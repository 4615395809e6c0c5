import { beforeEach, expect, it, vi } from "vitest";
import { allDrawn, drawNever, drawSoon, holdDrawing } from "./draw-queue.ts";

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

it("draws one place a task, in the order they came, the newest drawing of each", async () => {
  const drawn: string[] = [];
  const [heatmap, ridges] = [{}, {}];
  drawSoon(heatmap, () => drawn.push("old heatmap"));
  drawSoon(ridges, () => drawn.push("ridges"));
  drawSoon(heatmap, () => drawn.push("heatmap"));
  const idle = allDrawn();
  vi.runOnlyPendingTimers();
  expect(drawn).toEqual(["heatmap"]);
  vi.runOnlyPendingTimers();
  expect(drawn).toEqual(["heatmap", "ridges"]);
  await idle;
});

it("leaves out a place that is gone, and is idle when nothing waits", async () => {
  const gone = {};
  drawSoon(gone, () => expect.unreachable());
  const idle = allDrawn();
  drawNever(gone);
  vi.runAllTimers();
  await idle;
  await allDrawn();
});

it("draws what a drawing asks for", () => {
  const drawn: number[] = [];
  drawSoon({}, () => {
    drawn.push(1);
    drawSoon({}, () => drawn.push(2));
  });
  vi.runAllTimers();
  expect(drawn).toEqual([1, 2]);
});

it("is not idle while something is behind", async () => {
  const caughtUp = holdDrawing();
  let idle = false;
  void allDrawn().then(() => {
    idle = true;
  });
  drawSoon({}, () => {});
  await vi.runAllTimersAsync();
  expect(idle).toBe(false);
  caughtUp();
  await vi.runAllTimersAsync();
  expect(idle).toBe(true);
});
