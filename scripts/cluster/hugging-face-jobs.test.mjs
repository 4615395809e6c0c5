import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { root } from "../install.mjs";

/** @type {string} */
let folder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "auscult-jobs-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/**
 * Runs the script with a program in the place of hf that notes each call, prints an id for each Job that is
 * started, and fails where its arguments begin with `failing`.
 *
 * @param {string[]} args
 * @param {{ failing?: string, env?: Record<string, string> }} [settings]
 */
function submit(args, { failing = "none", env = {} } = {}) {
  const calls = join(folder, "calls");
  const body = [
    `printf '%s\\0' "$@" $'\\n' >>"${calls}"`,
    `[[ "$*" != "${failing}"* ]] || exit 1`,
    `[[ "$1 $2" != "jobs run" ]] || wc -l <"${calls}"`,
  ];
  writeFileSync(join(folder, "hf"), `#!/bin/bash\n${body.join("\n")}\n`, { mode: 0o755 });
  const { HF_TOKEN: _, ...own } = process.env;
  const { status, stdout, stderr } = spawnSync("bash", [join(root, "scripts/cluster/hugging-face-jobs.sh"), ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { ...own, PATH: `${folder}${delimiter}${own.PATH}`, ...env },
  });
  const text = status === 2 ? "" : readFileSync(calls, "utf8");
  return {
    status,
    stdout,
    stderr,
    calls: text
      .split("\n\0")
      .slice(0, -1)
      .map((words) => words.split("\0").slice(0, -1)),
  };
}

/**
 * The options of hf jobs run that the script may use, of huggingface_hub 2.0.0, and whether each takes a value.
 *
 * @type {Record<string, 0 | 1>}
 */
const OPTIONS = { detach: 0, quiet: 0, name: 1, flavor: 1, timeout: 1, secrets: 1, volume: 1 };

/**
 * A call of hf jobs run as hf reads it: the options before the --, then the image and its command.
 *
 * @param {string[]} call
 */
function jobOf([jobs, run, ...words]) {
  expect([jobs, run]).toEqual(["jobs", "run"]);
  const end = words.indexOf("--");
  /** @type {Record<string, string | true>} */
  const options = {};
  for (let at = 0; at < end; at++) {
    const name = words[at].replace(/^--/, "");
    expect(Object.keys(OPTIONS)).toContain(name);
    options[name] = OPTIONS[name] ? words[++at] : true;
  }
  const [image, ...command] = words.slice(end + 1);
  return { options, image, command };
}

describe.skipIf(process.platform === "win32")("Hugging Face Jobs", () => {
  const args = ["me/bucket", "2", "org/a@1", "org/b@2", "--rename", "x => y"];

  test("one for each part, and when all are whole one that merges them", () => {
    const { status, stdout, calls } = submit(args, { env: { PACKAGE: "auscult-0.1.0.tgz" } });
    expect(status).toBe(0);
    expect(stdout).toBe("comparison.auscult.json.gz\n");
    expect(calls.map((words) => words.slice(0, 2).join(" "))).toEqual([
      ...["buckets create", "buckets cp", "jobs run", "jobs run", "jobs wait", "jobs run", "jobs wait", "buckets cp"],
    ]);
    expect(calls[1].slice(2)).toEqual(["auscult-0.1.0.tgz", "hf://buckets/me/bucket/auscult.tgz"]);
    expect(calls[4].slice(2)).toEqual(["3", "4"]);
    expect(calls[6].slice(2)).toEqual(["6"]);

    const [first, second, merge] = [calls[2], calls[3], calls[5]].map(jobOf);
    expect(second.options).toEqual({
      ...{ detach: true, quiet: true, name: "auscult-part-2", flavor: "cpu-upgrade", timeout: "6h" },
      volume: "hf://buckets/me/bucket:/shared",
    });
    expect(first.command.slice(4)).toEqual([
      ...["1/2", "org/a@1", "org/b@2", "--rename", "x => y", "-o", "/shared/parts/1-of-2.part.json"],
    ]);
    for (const { image, command } of [first, second, merge]) {
      expect(image).toBe("node:22-slim");
      expect(command.slice(0, 2)).toEqual(["sh", "-euc"]);
    }
    expect(merge.command[2]).toContain("merge /shared/parts/*.part.json -o /shared/comparison.auscult.json.gz");
  });

  test("get the token by name only, and only where there is one", () => {
    const { calls } = submit(args, { env: { HF_TOKEN: "hf_secret" } });
    expect(jobOf(calls[2]).options.secrets).toBe("HF_TOKEN");
    expect(JSON.stringify(calls)).not.toContain("hf_secret");
  });

  test("are not merged where one failed", () => {
    const { status, stderr, calls } = submit(args, { failing: "jobs wait" });
    expect(status).toBe(1);
    expect(stderr).toContain("Not every part is whole: run the same command again");
    expect(calls.at(-1)?.[1]).toBe("wait");
  });

  test("are not waited for where one does not start", () => {
    const { status, calls } = submit(args, { failing: "jobs run --detach --quiet --name auscult-part-2" });
    expect(status).toBe(1);
    expect(calls.at(-1)?.[1]).toBe("run");
  });

  test.each([[[]], [["bucket", "2", "A", "B"]], [["me/bucket", "0", "A", "B"]], [["me/bucket", "2", "A"]]])(
    "are not started from %j",
    (wrong) => {
      const { status, stderr } = submit(wrong);
      expect(status).toBe(2);
      expect(stderr).toContain("Give a bucket (owner/name), a number of parts and two references");
    },
  );
});
