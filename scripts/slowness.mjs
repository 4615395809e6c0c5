import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";

/** Milliseconds that each core needs for ROUNDS where the limits of the tests were set: two cores that nothing else uses. */
const USUAL = 450;
const ROUNDS = 1e8;

/** Takes all cores at once, as the tests do: a machine may have many and be allowed a part of them only. */
async function timeOfWork() {
  const loop = `let x = 1; for (let i = 0; i < ${ROUNDS}; i++) x = (Math.imul(x, 1664525) + 1013904223) | 0; globalThis.x = x;`;
  const began = performance.now();
  const ends = Array.from(
    { length: availableParallelism() },
    () => new Promise((resolve, reject) => new Worker(loop, { eval: true }).on("exit", resolve).on("error", reject)),
  );
  await Promise.all(ends);
  return performance.now() - began;
}

/**
 * How many times longer work takes here and now than where the limits of the tests were set, and at least 1: what a limit that
 * is to catch a hang is multiplied by. Measured once; the processes that this one starts inherit it by AUSCULT_SLOWNESS, which
 * a person may set, too.
 *
 * @returns {Promise<number>}
 * @throws {Error} with a sentence where AUSCULT_SLOWNESS is no such number
 */
export async function slowness() {
  const { AUSCULT_SLOWNESS: given } = process.env;
  if (given) {
    if (!(Number(given) >= 1)) throw new Error(`AUSCULT_SLOWNESS is "${given}"; it must be a number from 1.`);
    return Number(given);
  }
  const measured = Math.max(1, Math.ceil((10 * (await timeOfWork())) / USUAL) / 10);
  process.env.AUSCULT_SLOWNESS = String(measured);
  return measured;
}
