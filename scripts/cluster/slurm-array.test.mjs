import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { root } from "../install.mjs";

const TASK = { SLURM_JOB_ID: "77", SLURM_ARRAY_TASK_ID: "3", SLURM_ARRAY_TASK_MAX: "8" };

/** @type {string} */
let folder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "auscult-slurm-"));
  // What the script tells Slurm, one call a line.
  program("scontrol", `echo "$@" >>"${folder}/scontrol.log"`);
});
afterEach(() => rmSync(folder, { recursive: true }));

/**
 * @param {string} name
 * @param {string} body of a script for bash
 */
const program = (name, body) => writeFileSync(join(folder, name), `#!/bin/bash\n${body}\n`, { mode: 0o755 });
const toldSlurm = () => (existsSync(`${folder}/scontrol.log`) ? readFileSync(`${folder}/scontrol.log`, "utf8") : "");

/**
 * Runs the template as Slurm would, with a program in the place of auscult. `onceUp` gets the template's process and the
 * process id of that program when it has written the latter.
 *
 * @typedef {import("node:child_process").ChildProcess} ChildProcess
 * @param {string} body of that program, a script for bash
 * @param {{ env?: Record<string, string>, args?: string[], onceUp?: (task: ChildProcess, part: number) => void }} [settings]
 * @returns {Promise<{ status: number | null, said: string }>}
 */
function runTask(body, { env = {}, args = ["A", "B"], onceUp = () => {} } = {}) {
  program("auscult", body);
  const task = spawn("bash", [join(root, "scripts", "cluster", "slurm-array.sbatch"), ...args], {
    cwd: folder,
    env: {
      ...process.env,
      AUSCULT: join(folder, "auscult"),
      PATH: `${folder}${delimiter}${process.env.PATH}`,
      ...TASK,
      ...env,
    },
  });
  let said = "";
  task.stdout.setEncoding("utf8").on("data", (text) => {
    if (said === "") onceUp(task, Number(text));
    said += text;
  });
  task.stderr.setEncoding("utf8").on("data", (text) => {
    said += text;
  });
  return new Promise((resolve) => task.on("close", (status) => resolve({ status, said })));
}

/**
 * A part that says its process id, and goes on until SIGTERM: then it says that it is saved, and ends with this status.
 *
 * @param {number} status
 */
const longPart = (status) => {
  const onTerm = `console.log("saved"); process.exit(${status});`;
  return `exec node -e 'process.on("SIGTERM", () => { ${onTerm} }); setInterval(() => {}, 1000); console.log(process.pid)'`;
};

describe.skipIf(process.platform === "win32")("a task of the array", () => {
  test("computes its part of the whole, with every option given", async () => {
    const args = ["org/a", "org/b", "--rename", "x => y"];
    const { status, said } = await runTask('printf "%s|" "$@"', { args });
    expect(said).toBe("part|3/8|org/a|org/b|--rename|x => y|-o|auscult-parts/3-of-8.part.json|");
    expect(status).toBe(0);
    expect(existsSync(join(folder, "auscult-parts"))).toBe(true);
    expect(toldSlurm()).toBe("");
  });

  test("of an array of some parts knows of how many", async () => {
    const { said } = await runTask('echo "$2 $6"', { env: { PARTS: "64", PARTS_FOLDER: `${folder}/all of them` } });
    expect(said).toBe(`3/64 ${folder}/all of them/3-of-64.part.json\n`);
  });

  test("fails on bad input, and does not begin again", async () => {
    expect(await runTask("echo no such repo >&2; exit 2")).toEqual({ status: 2, said: "no such repo\n" });
    expect(toldSlurm()).toBe("");
  });

  test("begins again where a signal ended its part", async () => {
    expect((await runTask("kill -KILL $$")).status).toBe(0);
    expect(toldSlurm()).toBe("requeue incomplete 77\n");
  });

  test("gives up after so many restarts", async () => {
    const { status, said } = await runTask("kill -KILL $$", { env: { SLURM_RESTART_COUNT: "2", RESTARTS: "2" } });
    expect(said).toContain("Part 3/8 is not whole after 2 restarts");
    expect(status).toBe(1);
    expect(toldSlurm()).toBe("");
  });

  test.each([1, 2, 143])(
    "short of time, has the part saved and begins again, whatever its status (%i)",
    async (status) => {
      /** @param {ChildProcess} task */
      const onceUp = (task) => task.kill("SIGUSR1");
      const ended = await runTask(longPart(status), { onceUp });
      expect(ended).toMatchObject({ status: 0, said: expect.stringMatching(/^\d+\nsaved\n$/) });
      expect(toldSlurm()).toBe("requeue incomplete 77\n");
    },
  );

  test("ended by Slurm, waits for the part to be saved and does not put itself into the queue", async () => {
    // Slurm signals every process of the task: the shell, and the part by itself.
    /** @type {(task: ChildProcess, part: number) => void} */
    const onceUp = (task, part) => task.kill("SIGTERM") && process.kill(part, "SIGTERM");
    const ended = await runTask(longPart(143), { onceUp });
    expect(ended).toMatchObject({ status: 143, said: expect.stringMatching(/^\d+\nsaved\n$/) });
    expect(toldSlurm()).toBe("");
  });

  test("outside of an array says how to submit it", async () => {
    const { status, said } = await runTask("echo never", { env: { SLURM_ARRAY_TASK_ID: "" } });
    expect(said).toBe("This is a task of an array: submit it with sbatch --array=1-N.\n");
    expect(status).toBe(2);
  });
});
