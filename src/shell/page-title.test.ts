import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { scriptedPage } from "../store/testing/scripted-page.ts";
import { pageTitle } from "./page-title.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

test("the tab says how far the scan is, which page it is, and of which models", async () => {
  const { compare, actions, scripted, state } = scriptedPage();
  expect(pageTitle(state())).toBe("Auscult");
  actions.turnTo("methods");
  expect(pageTitle(state())).toBe("Methods · Auscult");
  await compare("org/base", "org/tuned");
  expect(pageTitle(state())).toBe("0 % · org/base → org/tuned · Auscult");
  await scripted.drain();
  expect(pageTitle(state())).toBe("org/base → org/tuned · Auscult");
  actions.turnTo("report");
  expect(pageTitle(state())).toBe("Report · org/base → org/tuned · Auscult");
  await compare("org/base");
  await scripted.drain();
  actions.turnTo("report");
  expect(pageTitle(state())).toBe("org/base · Auscult");
});
