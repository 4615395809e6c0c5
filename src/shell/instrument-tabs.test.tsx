// @vitest-environment happy-dom
import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Instrument } from "../components/instrument.ts";
import { AppContext } from "../components/use-app.ts";
import { SAMPLE } from "../store/testing/sample-instrument.ts";
import { scriptedPage } from "../store/testing/scripted-page.ts";
import { InstrumentTabs } from "./instrument-tabs.tsx";

const INSTRUMENTS: readonly Instrument[] = ["sample", "oboe", "harp"].map((id) => ({
  ...{ ...SAMPLE, id, title: id.toUpperCase(), jobs: [], takes: null },
  screen: () => Promise.reject(new Error("No screen is opened here.")),
  result: () => null,
}));

let root: Root;
beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  root = createRoot(document.body.appendChild(document.createElement("div")));
});
afterEach(() => {
  act(() => root.unmount());
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

function shown() {
  const page = scriptedPage();
  act(() =>
    root.render(
      <AppContext value={{ ...page, instruments: INSTRUMENTS }}>
        <InstrumentTabs instruments={INSTRUMENTS} />
      </AppContext>,
    ),
  );
  const tabs = [...document.querySelectorAll<HTMLElement>("[role=tablist] > [role=tab]")];
  const press = (key: string) =>
    act(() => document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true })));
  const marked = (attribute: string) => tabs.map((tab) => tab.getAttribute(attribute));
  return { ...page, tabs, press, marked };
}

test("the open one is chosen, and the only one that Tab reaches", () => {
  const { marked, tabs } = shown();
  expect(tabs.map(({ textContent }) => textContent)).toEqual(["SAMPLE", "OBOE", "HARP"]);
  expect(marked("aria-selected")).toEqual(["true", "false", "false"]);
  expect(marked("tabindex")).toEqual(["0", "-1", "-1"]);
  expect(marked("aria-controls")).toEqual(["instrument", null, null]);
});

test("arrows, Home and End go along the tabs and open none", () => {
  const { tabs, press, state } = shown();
  tabs[0].focus();
  const visited = ["ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft", "Home", "End", "ArrowUp"].map((key) => {
    press(key);
    return tabs.indexOf(document.activeElement as HTMLElement);
  });
  expect(visited).toEqual([1, 2, 0, 2, 0, 2, 2]);
  expect(state().instrument).toBe("sample");
});

test("a click opens one, and what is opened elsewhere is chosen here", () => {
  const { tabs, state, actions, marked } = shown();
  act(() => tabs[1].click());
  expect([state().instrument, state().page]).toEqual(["oboe", "main"]);
  expect(marked("aria-selected")).toEqual(["false", "true", "false"]);
  act(() => actions.openInstrument("harp"));
  expect(marked("tabindex")).toEqual(["-1", "-1", "0"]);
});
