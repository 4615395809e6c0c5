import { existsSync, readdirSync, readFileSync } from "node:fs";

/** The kernel counts processor time in hundredths of a second. */
const TICKS = 100;

/** Whether this system tells whose processor time is whose. */
export const canTellOthers = () => existsSync("/proc/self/stat") && existsSync("/proc/stat");

/** Seconds of processor time that all programs together have taken. */
function takenByAll() {
  const [, user, nice, system, , , irq, softirq] = readFileSync("/proc/stat", "utf8").split(/\s+/).map(Number);
  return (user + nice + system + irq + softirq) / TICKS;
}

/** Parent and processor time of every process, that of children which have ended included. */
function processes() {
  /** @type {Map<number, { parent: number, seconds: number }>} */
  const found = new Map();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const text = readFileSync(`/proc/${pid}/stat`, "utf8");
      // The name in parentheses may hold anything; the fields are counted from behind it.
      const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
      const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
      found.set(Number(pid), { parent: Number(fields[1]), seconds: ticks / TICKS });
    } catch {
      // It has ended since the folder was listed.
    }
  }
  return found;
}

/** Seconds of processor time that this process and all it started have taken. */
function takenByUs() {
  const found = processes();
  /** @type {(pid: number) => boolean} */
  const isOurs = (pid) => {
    const parent = found.get(pid)?.parent;
    return pid === process.pid || (parent !== undefined && isOurs(parent));
  };
  let sum = 0;
  for (const [pid, { seconds }] of found) if (isOurs(pid)) sum += seconds;
  return sum;
}

/** Starts watching; the answer is how many cores other programs have kept busy since then, on average. */
export function watchOthers() {
  const began = performance.now();
  const before = takenByAll() - takenByUs();
  return () => {
    const seconds = (performance.now() - began) / 1000;
    return Math.max(0, (takenByAll() - takenByUs() - before) / seconds);
  };
}
