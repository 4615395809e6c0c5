import { expect, it, test } from "vitest";
import { droppedFiles, pickedFiles } from "./dropped-files.ts";

type Tree = { [name: string]: Tree | string | null };

/** An entry as browsers make them: folders give theirs in batches of two, a null is a file that may not be read. */
function entryOf(name: string, content: Tree | string | null, above = ""): FileSystemEntry {
  const fullPath = `${above}/${name}`;
  if (content === null || typeof content === "string") {
    const file = (got: (file: File) => void, failed: (error: Error) => void) =>
      content === null ? failed(new Error("NotReadable")) : got(new File([content], name));
    return { name, fullPath, isFile: true, isDirectory: false, file } as unknown as FileSystemEntry;
  }
  const createReader = () => {
    const left = Object.entries(content).map(([child, inside]) => entryOf(child, inside, fullPath));
    return { readEntries: (got: (entries: FileSystemEntry[]) => void) => got(left.splice(0, 2)) };
  };
  return { name, fullPath, isFile: false, isDirectory: true, createReader } as unknown as FileSystemEntry;
}

/** What an event carries: once it is over, no item gives anything any more. */
function transferOf(tree: Tree): { transfer: DataTransfer; end: () => void } {
  let over = false;
  const items = Object.entries(tree).map(([name, content]) => ({
    kind: "file",
    webkitGetAsEntry: () => (over ? null : entryOf(name, content)),
    getAsFile: () => (over ? null : new File([typeof content === "string" ? content : ""], name)),
  }));
  const transfer = { items: [...items, { kind: "string" }], files: [] } as unknown as DataTransfer;
  return {
    transfer,
    end: () => {
      over = true;
    },
  };
}

async function dropped(tree: Tree) {
  const { transfer, end } = transferOf(tree);
  const walk = droppedFiles(transfer);
  end();
  const { folders, files } = await walk;
  const paths = (list: { path: string }[]) => list.map(({ path }) => path).sort();
  return { folders: folders.map((folder) => [folder.name, paths(folder.files)]), files: paths(files) };
}

/** What is dropped, and the folders and files that are found in it. */
const DROPS: [what: string, tree: Tree, folders: [string, string[]][], files: string[]][] = [
  ["files", { "a.safetensors": "a", "b.safetensors": "b" }, [], ["a.safetensors", "b.safetensors"]],
  [
    "folders, whole",
    { one: { "x.bin": "x", deep: { er: { "y.bin": "y" } }, "z.bin": "z", "w.bin": "w" }, two: { "v.bin": "v" } },
    [
      ["one", ["one/deep/er/y.bin", "one/w.bin", "one/x.bin", "one/z.bin"]],
      ["two", ["two/v.bin"]],
    ],
    [],
  ],
  ["an empty folder", { empty: {} }, [["empty", []]], []],
  ["a folder with nothing but links", { snapshot: { commit: {} } }, [["snapshot", []]], []],
  ["a folder with a file that may not be read", { one: { a: null, b: "b" } }, [["one", ["one/b"]]], []],
  ["a folder beside a file", { one: { a: "a" }, "b.json": "{}" }, [["one", ["one/a"]]], ["b.json"]],
];

test.each(DROPS)("%s", async (_, tree, folders, files) => {
  expect(await dropped(tree)).toEqual({ folders, files });
});

it("refuses a folder that is no model's", async () => {
  const home = Object.fromEntries(Array.from({ length: 20_001 }, (_, i) => [`${i}.txt`, ""]));
  await expect(dropped({ home })).rejects.toMatchObject({
    name: "DropTooLarge",
    message: "home holds more than 20,000 files. Drop the folder of one model.",
  });
});

it("takes files that come without an entry, as scripts make them", async () => {
  const file = new File(["{}"], "a--b.auscult.json");
  const items = [{ kind: "file", webkitGetAsEntry: () => null, getAsFile: () => file }];
  const { files } = await droppedFiles({ items, files: [file] } as unknown as DataTransfer);
  expect(files).toEqual([{ path: "a--b.auscult.json", file }]);
});

it("tells picked folders from picked files", () => {
  const picked = (name: string, webkitRelativePath: string) =>
    Object.assign(new File([name], name), { webkitRelativePath }) as File;
  const { folders, files } = pickedFiles([
    picked("a.safetensors", "model/a.safetensors"),
    picked("b.json", "model/deep/b.json"),
    picked("c.safetensors", ""),
  ]);
  expect(folders.map(({ name, files: inside }) => [name, inside.map(({ path }) => path)])).toEqual([
    ["model", ["model/a.safetensors", "model/deep/b.json"]],
  ]);
  expect(files.map(({ path }) => path)).toEqual(["c.safetensors"]);
});
