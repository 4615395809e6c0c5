import { availableParallelism } from "node:os";
import type { EngineName } from "../src/kernels/engine.ts";
import { type Crew, ThreadCrew } from "./crew.ts";
import { deviceCrew } from "./device-crew.ts";

/** Those who scan: threads, as many as there are cores unless told, or this one for a graphics card. */
export async function startCrew(engine: EngineName, threads: number | null, entry: URL): Promise<Crew> {
  if (engine === "wgsl") return deviceCrew();
  // Two at least, so that one reads while the other computes.
  return new ThreadCrew(threads ?? Math.max(2, availableParallelism()), engine, entry);
}
