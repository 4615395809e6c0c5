import { expect, it } from "vitest";
import type { LocalDrop } from "../hub/local-files.ts";
import { isLocal, LocalDrops } from "./local-drops.ts";

const drop = (name: string, content: string): LocalDrop => ({
  name,
  files: [{ path: `${name}/model.safetensors`, file: new File([content], "model.safetensors", { lastModified: 1 }) }],
});

it("leads back from what stands in a field to the files", () => {
  const drops = new LocalDrops();
  const text = drops.keep(drop("my model", "abc"));
  expect(text).toBe("local:my model");
  expect(drops.find(` ${text}`)?.files).toHaveLength(1);
  expect(drops.find("local:another")).toBeUndefined();
});

it("tells two folders of one name apart, be their files of one size and time, and knows one that comes again", async () => {
  const drops = new LocalDrops();
  const [old, tuned, third] = ["old", "new", "third.."].map((content) => drop("checkpoint", content));
  const texts = [old, tuned, old, third].map((each) => drops.keep(each));
  expect(texts).toEqual(["local:checkpoint", "local:checkpoint (2)", "local:checkpoint", "local:checkpoint (3)"]);
  expect(drops.find(texts[1])?.name).toBe("checkpoint (2)");
  expect(await drops.find(texts[1])?.files[0].file.text()).toBe("new");
});

it.each([
  ["local:x", true],
  ["LOCAL:x", true],
  ["org/local:x", false],
  ["localhost", false],
])("%j is local: %j", (ref, local) => {
  expect(isLocal(ref)).toBe(local);
});
