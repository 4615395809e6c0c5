import { expect, test } from "./auscult-test.ts";
import type { HubServer } from "./server/hub-server.ts";

interface Case {
  what: string;
  /** What stands in the fields; a function where it is on the Hub's CDN. */
  a?: string | ((hub: HubServer) => string);
  b?: string | ((hub: HubServer) => string);
  side: "a" | "b";
  sentence: RegExp;
  /** What the browser itself notes on the console. */
  noise?: RegExp;
}

const NO_SUCH = /40[14] \((?:Unauthorized|Not Found)\)/;

const CASES: Case[] = [
  { what: "nothing typed", a: "", b: "", side: "a", sentence: /Nothing is written here\. Accepted are org\/name/ },
  {
    what: "a malformed reference",
    ...{ b: "org/name/with/too/many/parts", side: "b" },
    sentence: /is not a model's name\. Accepted are org\/name/,
  },
  { what: "two words", a: "org/base and more", side: "a", sentence: /has a space in it; give one model per field/ },
  {
    what: "a scheme that pages cannot read",
    ...{ a: "s3://bucket/model", side: "a" },
    sentence: /"s3:\/\/" addresses cannot be read by a web page\. Accepted/,
  },
  {
    what: "no such repo",
    ...{ b: "org/nowhere", side: "b", noise: NO_SUCH },
    sentence: /There is no model org\/nowhere on .*, or it is private\. Check the spelling/,
  },
  {
    what: "no such revision",
    ...{ a: "org/base@v99", side: "a", noise: NO_SUCH },
    sentence: /org\/base has no revision "v99"\. Check the branch, tag or commit after the @/,
  },
  {
    what: "no such folder",
    ...{ a: "org/base:unet", side: "a", noise: NO_SUCH },
    sentence: /org\/base has no "unet".*Check the path after the colon/,
  },
  {
    what: "only a .bin file",
    ...{ b: "org/pytorch", side: "b" },
    sentence: /org\/pytorch holds no safetensors, only PyTorch \.bin files.*Look for a converted copy/,
  },
  {
    what: "only a GGUF file",
    ...{ b: "org/gguf", side: "b" },
    sentence: /org\/gguf holds no safetensors, only GGUF files.*Look for a converted copy/,
  },
  {
    what: "a corrupt header",
    ...{ a: "org/corrupt", side: "a" },
    sentence: /^model\.safetensors: .*(?:header|JSON).*\./,
  },
  {
    what: "a truncated file",
    ...{ b: "org/cut", side: "b" },
    sentence: /^model\.safetensors: The file is cut off: its header describes \d+ bytes.*again\./,
  },
  {
    what: "two models with nothing in common",
    ...{ b: "org/other", side: "b" },
    sentence: /have no tensor name in common: A has .*, B has h\.0\.attn\.c_attn\.weight\. Choose two models/,
  },
  {
    what: "a large file on a host without ranges",
    ...{ b: (hub) => hub.plain("whole-large"), side: "b", noise: NO_SUCH },
    sentence: /sends whole files only, and this one is larger than 32 MiB\. Put the files on a host that serves byte/,
  },
  {
    what: "a host that lets no page read",
    ...{ b: (hub) => `${hub.plain("closed")}model.safetensors`, side: "b", noise: /CORS policy|ERR_FAILED/ },
    sentence: /is there but does not let web pages read this file.*put the file on a host that allows cross-origin/,
  },
  {
    what: "a folder with nothing in it",
    ...{ b: (hub) => hub.plain("nowhere"), side: "b", noise: NO_SUCH },
    sentence: /There is neither model\.safetensors\.index\.json nor model\.safetensors in .*Give the folder/,
  },
  {
    what: "an unknown demo",
    ...{ a: "demo:nothing", side: "a", noise: NO_SUCH },
    sentence: /There is neither .* in nothing\b.*Give the folder that holds one of them/,
  },
];

test("a sentence at the field for each kind of bad input, and the page goes on", async ({ auscult, hub, watch }) => {
  const text = (ref: NonNullable<Case["a"]>) => (typeof ref === "string" ? ref : ref(hub));
  await auscult.open({ hub: hub.origin });
  for (const { what, a = "org/base", b = "org/tuned", side, sentence, noise } of CASES)
    await test.step(what, async () => {
      await auscult.typeRefs(text(a), text(b));
      await auscult.compare();
      await auscult.whenIdle();
      await expect(auscult.error(side)).toHaveText(sentence);
      await expect(auscult.error(side)).toBeVisible();
      await expect(auscult.error(side)).toHaveRole("alert");
      await expect(auscult.field(side)).toHaveAttribute("aria-invalid", "true");
      await expect(auscult.error(side === "a" ? "b" : "a")).toHaveCount(0);
      // Said once: the field has the sentence, so the notices need not repeat it. Nothing looks busy.
      await expect(auscult.notices).toBeEmpty();
      await expect(auscult.page.getByRole("status")).toHaveCount(0);
      await expect(auscult.page.getByRole("heading", { level: 1 })).toBeVisible();
      await auscult.expectNoGarbage();
      // What the browser noted is this case's alone.
      expect(watch.errors.splice(0).filter((error) => !noise?.test(error))).toEqual([]);

      await auscult.typeRefs("org/base", "org/tuned");
      await expect(auscult.error(side)).toHaveCount(0);
      await auscult.field(side).press("Enter");
      await auscult.whenIdle();
      await expect(auscult.exactCells).toHaveCount(21);
    });
});

test("both fields wrong: both get their sentence", async ({ auscult, hub, watch }) => {
  watch.expect(NO_SUCH);
  await auscult.open({ hub: hub.origin, a: "org/nowhere", b: "org/gguf" });
  await auscult.whenIdle();
  await expect(auscult.error("a")).toContainText("There is no model org/nowhere");
  await expect(auscult.error("b")).toContainText("only GGUF files");
});

test("a Hub that is not one gets a sentence", async ({ auscult, hub, watch }) => {
  watch.expect(NO_SUCH);
  await auscult.open({ hub: hub.cdn, a: "org/base", b: "org/tuned" });
  await auscult.whenIdle();
  await expect(auscult.error("a")).toHaveText(/\.$/);
  await expect(auscult.error("b")).toHaveText(/\.$/);
});

test("a link whose Hub is no address gets a sentence, and asks nobody", async ({ auscult }) => {
  await auscult.open({ hub: "hf-mirror", a: "org/base", b: "org/tuned" });
  await auscult.whenIdle();
  await expect(auscult.notices).toContainText(/“hf-mirror” is not a web address\. Write it like https:/);
  await expect(auscult.button("Look at the demo")).toBeVisible();
});

test("a small file on a host without ranges is read once and sliced", async ({ auscult, hub, house, watch }) => {
  watch.expect(NO_SUCH);
  await auscult.open({ a: hub.plain("whole-base"), b: hub.plain("whole-tuned") });
  await auscult.whenIdle();
  expect((await auscult.comparison()).pairs.length).toBe(house.models.base.length);
  await expect(auscult.exactCells).toHaveCount(21);
  const reads = hub.log.filter(({ url, method }) => method === "GET" && url.endsWith("/model.safetensors"));
  expect(reads.map(({ status }) => status)).toEqual([200, 200]);
});

test("a host that shows pages no headers works as well", async ({ auscult, hub, watch }) => {
  watch.expect(NO_SUCH);
  hub.set({ hideHeaders: true });
  await auscult.open({ hub: hub.origin, a: "org/base", b: hub.plain("tuned") });
  await auscult.whenIdle();
  await expect(auscult.exactCells).toHaveCount(21);
});
