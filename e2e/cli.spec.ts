import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { cliFolder, ensureCli } from "../scripts/build-cli.mjs";
import { expect, test } from "./auscult-test.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What the command line writes of the demo pair, by an engine. */
async function written(path: string, engine: string): Promise<string> {
  await ensureCli();
  const words = ["compare", "demo:base", "demo:tuned", "-o", path, "--engine", engine];
  await promisify(execFile)(process.execPath, [join(cliFolder, "auscult.mjs"), ...words], { cwd: root });
  return readFileSync(path, "utf8");
}

interface WithFiles {
  files: { hash: string | null }[];
}

/** But for the files' ETags, which only a server has. */
function withoutTags<File extends { a: WithFiles; b: WithFiles | null }>(file: File): File {
  for (const { files } of [file.a, file.b ?? file.a]) for (const one of files) one.hash = null;
  return file;
}

for (const engine of ["wasm", "reference"])
  test(`the page computes by ${engine} what the command line writes, to the last bit`, async ({
    auscult,
  }, testInfo) => {
    const text = await written(testInfo.outputPath("demo.auscult.json"), engine);
    await auscult.open({ a: "demo:base", b: "demo:tuned", engine });
    await auscult.whenIdle();
    const shown = JSON.parse(JSON.stringify(await auscult.comparison()));
    expect(withoutTags(shown)).toEqual(withoutTags(JSON.parse(text)));
  });

test("the page opens what the command line wrote", async ({ auscult }, testInfo) => {
  const path = testInfo.outputPath("demo.auscult.json");
  const text = await written(path, "wasm");
  await auscult.open();
  await auscult.whenIdle();
  await auscult.dropPaths([path]);
  await expect(auscult.page).toHaveTitle("demo:base → demo:tuned · Auscult");
  await auscult.whenIdle();
  expect(JSON.parse(JSON.stringify(await auscult.comparison()))).toEqual(JSON.parse(text));
});
