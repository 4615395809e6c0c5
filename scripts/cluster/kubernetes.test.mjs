import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { parse } from "yaml";
import { packageScript, root } from "../install.mjs";

const folder = mkdtempSync(join(tmpdir(), "auscult-kubernetes-"));
afterAll(() => rmSync(folder, { recursive: true }));

/**
 * What these files fill in of a Job, of which Kubernetes leaves most open.
 *
 * @typedef {{ containerName: string, operator: string, values: number[] }} ExitCodes
 * @typedef {{ name: string, command: string[], env?: { name: string, value?: string }[], volumeMounts: object[] }} Container
 * @typedef {{ restartPolicy: string, containers: Container[], volumes: object[] }} PodSpec
 * @typedef {{
 *   completionMode?: string, completions?: number, backoffLimitPerIndex?: number,
 *   podFailurePolicy: { rules: { action: string, onExitCodes?: ExitCodes }[] }, template: { spec: PodSpec },
 * }} JobSpec
 */

/**
 * @param {string} name
 * @returns {{ spec: JobSpec }}
 */
const read = (name) => parse(readFileSync(join(root, "scripts", "cluster", `kubernetes-${name}.yaml`), "utf8"));
const parts = read("parts");
const merge = read("merge");

/**
 * What the compiler says of an object as a Job of batch/v1. The types are those of Kubernetes' published OpenAPI schema, and
 * against a literal the compiler also finds the fields that the schema does not have, which a JSON schema lets pass.
 *
 * @param {object} job
 */
function complaints(job) {
  const file = join(folder, "job.ts");
  const types = JSON.stringify(join(root, "node_modules", "kubernetes-types", "batch", "v1"));
  writeFileSync(file, `import type { Job } from ${types};\nexport const job: Job = ${JSON.stringify(job)};\n`);
  const options = ["--noEmit", "--strict", "--skipLibCheck", "--module", "esnext", "--moduleResolution", "bundler"];
  const { stdout } = spawnSync(process.execPath, [packageScript("typescript", "tsc"), ...options, file], {
    cwd: folder,
    encoding: "utf8",
  });
  return stdout;
}

/** @param {{ spec: JobSpec }} job */
const specOf = (job) => job.spec.template.spec;
const environment = Object.fromEntries(specOf(parts).containers[0].env?.map(({ name, value }) => [name, value]) ?? []);
/** @param {{ spec: JobSpec }} job */
const script = (job) => specOf(job).containers[0].command[2];

test.each([
  ["parts", parts],
  ["merge", merge],
])("the Job of the %s is one of Kubernetes' own schema", (_name, job) => {
  expect(complaints(job)).toBe("");
  expect(job).toMatchObject({ apiVersion: "batch/v1", kind: "Job" });
});

test("the check finds a misspelt field, one of the wrong type and one that is missing", () => {
  const { backoffLimitPerIndex, ...spec } = parts.spec;
  expect(complaints({ ...parts, spec: { ...spec, backofLimitPerIndex: backoffLimitPerIndex } })).toContain(
    "backofLimitPerIndex",
  );
  expect(complaints({ ...parts, spec: { ...parts.spec, completions: "64" } })).toContain("TS2322");
  expect(complaints({ ...parts, spec: { completions: 64 } })).toContain("'template' is missing");
});

test("there is an index for every part, and each is tried by itself", () => {
  expect(parts.spec.completionMode).toBe("Indexed");
  expect(environment.PARTS).toBe(String(parts.spec.completions));
  expect(parts.spec.backoffLimitPerIndex).toBeGreaterThan(0);
  // Kubernetes takes backoffLimitPerIndex and podFailurePolicy only from pods that never restart in place.
  expect(specOf(parts).restartPolicy).toBe("Never");
});

test("bad input, exit status 2, is not tried again", () => {
  /** @param {{ spec: JobSpec }} job */
  const exits = (job) => job.spec.podFailurePolicy.rules.find(({ onExitCodes }) => onExitCodes !== undefined);
  expect(exits(parts)).toMatchObject({ action: "FailIndex", onExitCodes: { operator: "In", values: [2] } });
  expect(exits(merge)).toMatchObject({ action: "FailJob", onExitCodes: { operator: "In", values: [2] } });
  for (const job of [parts, merge]) {
    expect(specOf(job).containers.map(({ name }) => name)).toContain(exits(job)?.onExitCodes?.containerName);
  }
});

test("the merge reads from the claim what the parts write to it", () => {
  expect(specOf(merge).volumes).toEqual(specOf(parts).volumes);
  expect(specOf(merge).containers[0].volumeMounts).toEqual(specOf(parts).containers[0].volumeMounts);
  expect(script(parts)).toContain('-o "/shared/parts/$index-of-$PARTS.part.json"');
  expect(script(merge)).toContain("merge /shared/parts/*.part.json -o /shared/");
});

test.skipIf(process.platform === "win32")("index 0 is part 1, and auscult takes the shell's place", () => {
  const bin = join(folder, "auscult");
  writeFileSync(bin, '#!/bin/sh\nprintf "%s " "$PPID" "$@"\n', { mode: 0o755 });
  const body = script(parts)
    .replace(/^tar .*\n/, "")
    .replace("node /tmp/package/dist-cli/auscult.mjs", bin)
    .replaceAll("/shared", folder);
  const env = { ...process.env, ...environment, JOB_COMPLETION_INDEX: "0" };
  const { stdout } = spawnSync("sh", ["-euc", body], { env, encoding: "utf8" });
  const { A, B, PARTS } = environment;
  // Its parent is this process, not a shell that would keep the signal to itself.
  expect(stdout.trim().split(" ")).toEqual([
    ...[String(process.pid), "part", `1/${PARTS}`, A, B],
    ...["-o", join(folder, "parts", `1-of-${PARTS}.part.json`)],
  ]);
});
