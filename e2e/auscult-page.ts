import { expect, type Locator, type Page } from "@playwright/test";
import type { ComparisonFile } from "../src/comparing/file/comparison-file.ts";

export type Side = "a" | "b";

/** What is drawn and written, as text: two of these are equal where a person would see no difference. */
export interface Picture {
  headings: string[];
  /** Label, colour and whether it is selected, cell by cell. */
  cells: string[];
  outside: string[];
  /** The outline of every curve and histogram, with its words. */
  curves: string[];
  inspector: string;
  table: string[];
  controls: string[];
}

/** The page as a person uses it. Every verb acts; `whenIdle` waits for what it set going. */
export class AuscultPage {
  readonly page: Page;
  /** Address of the page, without a hash. */
  readonly address: string;

  constructor(page: Page, address: string) {
    this.page = page;
    this.address = address;
  }

  /** Opens the page with a hash made of `link`'s keys, in a tab that has nothing open; resolves when it is loaded. */
  async open(link: Record<string, string> = {}): Promise<void> {
    const hash = new URLSearchParams({ v: "1", ...link }).toString().replaceAll("+", "%20");
    await this.page.goto(Object.keys(link).length > 0 ? `${this.address}#${hash}` : this.address);
  }

  /** Resolves when nothing happens any more until the person does something. */
  async whenIdle(): Promise<void> {
    await this.page.evaluate(() => window.auscult.whenIdle());
  }

  field(side: Side): Locator {
    return this.page.getByRole("combobox", { name: side === "a" ? "A (Base model)" : "B (Tuned model)" });
  }

  /** The sentence under a field. */
  error(side: Side): Locator {
    return this.page.locator(`#error-${side}`);
  }

  async typeRefs(a: string, b = ""): Promise<void> {
    await this.field("a").fill(a);
    await this.field("b").fill(b);
  }

  async compare(): Promise<void> {
    await this.button("Compare").click();
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole("button", { name, exact: typeof name === "string" });
  }

  /** What the page has to say or to ask, above the picture. */
  get notices(): Locator {
    return this.page.locator("[data-part=notices]");
  }

  get progress(): Locator {
    return this.page.getByRole("region", { name: "Progress" });
  }

  get headline(): Locator {
    return this.page.getByRole("heading", { level: 1 });
  }

  get cells(): Locator {
    return this.page.getByRole("gridcell");
  }

  /** Those of the heatmap's cells whose numbers are complete. */
  get exactCells(): Locator {
    return this.page.getByRole("gridcell", { name: /, exact$/ });
  }

  /** The heatmap's cell of a module in a layer. */
  cell(module: string, layer: number): Locator {
    return this.page.getByRole("gridcell", { name: `Layer ${layer} · ${module}:` });
  }

  row(module: string): Locator {
    return this.page.getByRole("rowheader", { name: new RegExp(`^${module}\\b`) });
  }

  get inspector(): Locator {
    return this.page.getByRole("complementary", { name: "Selected cell" });
  }

  /** A value in the inspector, by its name there. */
  number(name: string): Locator {
    return this.inspector
      .locator("dl > div")
      .filter({ has: this.page.getByText(name, { exact: true }) })
      .locator("dd");
  }

  /** Chooses one of a few: `choose("Measure", "‖Δ‖")`. */
  async choose(group: string, choice: string): Promise<void> {
    await this.page.getByRole("radiogroup", { name: group }).getByText(choice, { exact: true }).click();
  }

  /** The table's rows as their columns' text, those of `find` only where it is given. */
  async tableRows(): Promise<string[][]> {
    return this.page
      .getByRole("region", { name: "Table of all tensors" })
      .locator("tbody tr")
      .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent ?? "")));
  }

  /** The comparison as scripts get it; null before there is one. */
  async comparison(): Promise<ComparisonFile> {
    const file = await this.page.evaluate(() => window.auscult.comparison());
    if (!file) throw new Error("There is no comparison on the page.");
    return file;
  }

  /** Engine and its reason, as the page shows them. */
  async engine(): Promise<string> {
    await this.button(/ workers$/).click();
    const note = this.page.locator("#engine-reason");
    await expect(note).toBeVisible();
    const text = (await note.textContent()) ?? "";
    await this.page.keyboard.press("Escape");
    return text;
  }

  /** Hands the page something that was dropped on it: texts by type, or a file. */
  async drop(what: { texts?: Record<string, string>; file?: { name: string; text: string } }): Promise<void> {
    const dataTransfer = await this.page.evaluateHandle(({ texts = {}, file }) => {
      const transfer = new DataTransfer();
      for (const [type, text] of Object.entries(texts)) transfer.setData(type, text);
      if (file) transfer.items.add(new File([file.text], file.name));
      return transfer;
    }, what);
    await this.page.dispatchEvent("body", "dragover", { dataTransfer });
    await this.page.dispatchEvent("body", "drop", { dataTransfer });
  }

  /** Drops files and folders of this machine on a field, or beside both, as a person would. */
  async dropPaths(paths: readonly string[], side?: Side): Promise<void> {
    const target = side ? this.field(side) : this.page.locator("main");
    const box = await target.boundingBox();
    if (!box) throw new Error("There is nothing to drop on.");
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const devtools = await this.page.context().newCDPSession(this.page);
    const data = { items: [], files: [...paths], dragOperationsMask: 1 };
    for (const type of ["dragEnter", "dragOver", "drop"] as const)
      await devtools.send("Input.dispatchDragEvent", { type, x, y, data });
    await devtools.detach();
  }

  /** The names listed under a field. */
  get suggestions(): Locator {
    return this.page.getByRole("option");
  }

  async picture(): Promise<Picture> {
    await this.whenIdle();
    return this.page.evaluate(() => {
      const all = (selector: string) => [...document.querySelectorAll(selector)];
      const texts = (selector: string) => all(selector).map((element) => element.textContent ?? "");
      const attributes = (element: Element, ...names: string[]) =>
        names.map((name) => element.getAttribute(name) ?? "").join(" | ");
      return {
        // Nor is a second pass offered for that one.
        headings: texts("main h1, main h2, main .sub:not([aria-label='Rename rule'] *, [data-part=rescale-out])"),
        cells: all("[role=gridcell]").map((cell) => attributes(cell, "aria-label", "fill", "aria-selected")),
        outside: texts("[aria-label='Outside the layers'] button"),
        curves: all("main svg:not(.heatmap) :is(path, [aria-label])").map((path) =>
          attributes(path, "d", "aria-label"),
        ),
        inspector: all("aside").map((aside) => (aside as HTMLElement).innerText)[0] ?? "",
        table: texts("tr"),
        // A rule for names is for what is open; the picture is that of a saved comparison, too.
        controls: all("main :is(input, select):not([aria-label='Rename rule'] *)").map((control) => {
          const { type, value, checked } = control as HTMLInputElement;
          return type === "radio" || type === "checkbox" ? `${value} ${checked}` : value;
        }),
      };
    });
  }

  /** Fails where a number that is none, or a value that is not there, has found its way onto the page. */
  async expectNoGarbage(): Promise<void> {
    const garbage = await this.page.evaluate(() => {
      const pattern = /\b(?:NaN|Infinity|undefined)\b|\[object /;
      const written = document.body.innerText.split("\n").filter((line) => pattern.test(line));
      const attributes = [...document.querySelectorAll("body *")].flatMap((element) =>
        [...element.attributes].filter(({ value }) => pattern.test(value)).map(({ name, value }) => `${name}=${value}`),
      );
      return [...written, ...attributes, ...(pattern.test(document.title) ? [document.title] : [])];
    });
    expect(garbage).toEqual([]);
  }
}
