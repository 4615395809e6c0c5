import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { keptOf, viewOf } from "./slice.ts";
import { SAMPLE, SAMPLE_SECTION } from "./testing/sample-instrument.ts";
import { scriptedPage } from "./testing/scripted-page.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

const LAST = "model.layers.0.mlp.down_proj.weight";

describe("what is looked at", () => {
  it("is changed a part at a time, and is the link's", async () => {
    const { actions, state } = scriptedPage();
    actions.setView(SAMPLE_SECTION, { tint: "deep" });
    actions.setView(SAMPLE_SECTION, { find: "o" });
    expect(viewOf(state(), SAMPLE_SECTION)).toEqual({ tint: "deep", at: null, find: "o" });
    actions.lookAt({ instrument: "sample", page: "methods", present: true, views: {} });
    expect(viewOf(state(), SAMPLE_SECTION)).toEqual(SAMPLE_SECTION.defaults);
    expect(state()).toMatchObject({ page: "methods", present: true });
  });

  it("turns to the main page with an instrument, a stage and a comparison", async () => {
    const { actions, state, compare } = scriptedPage();
    for (const go of [
      () => actions.openInstrument("sample"),
      () => actions.setPresent(true),
      () => compare("org/base", "org/tuned"),
    ]) {
      actions.turnTo("methods");
      await go();
      expect(state().page).toBe("main");
    }
    expect(state().present).toBe(true);
  });

  it("is fitted to the comparison", async () => {
    const { actions, state, compare } = scriptedPage();
    actions.setView(SAMPLE_SECTION, { at: LAST });
    await compare("org/base", "org/tuned");
    expect(viewOf(state(), SAMPLE_SECTION).at).toBe(LAST);
    await compare("org/large", "org/unlike");
    await compare("org/large", "org/larger");
    expect(viewOf(state(), SAMPLE_SECTION).at).toBe(LAST);
    actions.setView(SAMPLE_SECTION, { at: "nothing" });
    await compare("org/base", "org/tuned");
    expect(viewOf(state(), SAMPLE_SECTION).at).toBeNull();
  });

  it("is read first", async () => {
    const { actions, compare, scripted, state } = scriptedPage();
    actions.setView(SAMPLE_SECTION, { at: LAST });
    await compare("org/base", "org/tuned");
    const first = scripted.scans[0][0].runs[0].segments[0].position;
    expect(state().comparison?.pairs[first].name).toBe(LAST);
  });

  it("keeps what an instrument found until its comparison ends", async () => {
    const { store, state, compare } = scriptedPage();
    await compare("org/base", "org/tuned");
    expect(keptOf(state(), SAMPLE)).toEqual([]);
    store.setState({ slices: { sample: ["found"] } });
    expect(keptOf(state(), SAMPLE)).toEqual(["found"]);
    await compare("org/tuned", "org/base");
    expect(keptOf(state(), SAMPLE)).toEqual([]);
  });
});
