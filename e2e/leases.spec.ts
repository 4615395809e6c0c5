import type { Page, Route } from "@playwright/test";
import type { AuscultPage } from "./auscult-page.ts";
import { expect, test } from "./auscult-test.ts";
import { expertsPair } from "./fixtures/experts.ts";
import { writeSafetensors } from "./fixtures/write-safetensors.ts";

const LAYERS = 2;
const { base, tuned } = expertsPair({ layers: LAYERS, experts: 20, loudest: { layer: 1, expert: 7, change: 0.2 } });
const repo = (model: typeof base) => ({ files: { "model.safetensors": writeSafetensors(model) } });
const REPOS = { "org/moe-base": repo(base), "org/moe-tuned": repo(tuned) };
const EXPERT = "model.layers.1.mlp.experts.7.up_proj.weight";

/** Lets no byte of a file through until it is opened, so that what is under way stays so however fast the machine is. */
class Gate {
  #held: Route[] = [];
  #open = false;

  static async before(page: Page): Promise<Gate> {
    const gate = new Gate();
    await page.route("**", (route) => {
      const isRange = route.request().headers().range !== undefined;
      return isRange && !gate.#open ? void gate.#held.push(route) : route.continue();
    });
    return gate;
  }

  /** Requests that wait. */
  get held(): number {
    return this.#held.length;
  }

  async open(): Promise<void> {
    this.#open = true;
    // Some may be of what has ended meanwhile.
    await Promise.all(this.#held.splice(0).map((route) => route.continue().catch(() => undefined)));
  }
}

const lookClosely = ({ inspector }: AuscultPage) => inspector.getByRole("button", { name: /^Read this expert’s own/ });
const takeRescaleOut = (auscult: AuscultPage) => auscult.button("Take the rescale out");

for (const [name, order] of [
  ["taken out while a tensor is read again", [lookClosely, takeRescaleOut]],
  ["being taken out while a tensor is asked for", [takeRescaleOut, lookClosely]],
] as const)
  test(`the rescale, ${name}: both come to their end`, async ({ auscult, newHub }) => {
    const { page } = auscult;
    const hub = await newHub({ repos: REPOS });
    const link = { hub: hub.origin, a: "org/moe-base", b: "org/moe-tuned", module: "o_proj", cell: EXPERT };
    await auscult.open(link);
    await auscult.whenIdle();
    const gate = await Gate.before(page);
    const [first, second] = order;
    await first(auscult).click();
    await expect.poll(() => gate.held).toBeGreaterThan(0);
    await second(auscult).click();
    const panel = page.getByRole("region", { name: "Relative change" });
    await expect(panel.getByRole("status")).toHaveText(/^Reading again: /);
    await expect(auscult.inspector.getByRole("status")).toHaveText(/^Reading /);
    await gate.open();
    await auscult.whenIdle();

    await expect(panel.getByRole("status")).toHaveText(/^Taken out: k /);
    await expect(panel.locator("figure")).toHaveCount(4);
    await expect(lookClosely(auscult)).toHaveCount(0);
    await expect(auscult.inspector.locator("figure, svg").first()).toBeVisible();
  });

test("what is called off ends alone: a tensor that is read again beside it comes to its end", async ({
  auscult,
  newHub,
}) => {
  const { page } = auscult;
  const hub = await newHub({ repos: REPOS });
  await auscult.open({ hub: hub.origin, a: "org/moe-base", b: "org/moe-tuned", module: "o_proj", cell: EXPERT });
  await auscult.whenIdle();
  const gate = await Gate.before(page);
  await takeRescaleOut(auscult).click();
  await expect.poll(() => gate.held).toBeGreaterThan(0);
  await lookClosely(auscult).click();
  await expect(auscult.inspector.getByRole("status")).toHaveText(/^Reading /);
  await auscult.button("Cancel").click();
  await expect(takeRescaleOut(auscult)).toBeVisible();
  await expect(auscult.inspector.getByRole("status")).toHaveText(/^Reading /);
  await gate.open();
  await auscult.whenIdle();
  await expect(lookClosely(auscult)).toHaveCount(0);
  await expect(auscult.inspector.getByRole("status")).toHaveCount(0);
  await expect(auscult.inspector.getByRole("alert")).toHaveCount(0);
});
