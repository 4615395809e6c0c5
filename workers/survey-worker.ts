import { expose } from "comlink";
import { openCheckpoint } from "../src/hub/open-checkpoint.ts";
import { relocate } from "../src/hub/relocate.ts";
import { pairViews } from "../src/pairing/pair-views.ts";
import { requireCommon } from "../src/pairing/pairing-error.ts";
import type { SurveyApi } from "../src/scheduling/worker-contract.ts";
import { viewsOf } from "../src/tensors/views-of.ts";

const jobs = new Map<number, AbortController>();

expose({
  async open(job, ref, options) {
    const controller = jobs.get(job) ?? new AbortController();
    jobs.set(job, controller);
    return openCheckpoint(ref, { ...options, signal: controller.signal });
  },
  async pair(a, b) {
    const pairing = pairViews(viewsOf(a), b ? viewsOf(b) : null);
    requireCommon(pairing, a.label, b?.label ?? a.label);
    return pairing;
  },
  relocate: (location, options) => relocate(location, options),
  async cancel(job) {
    jobs.get(job)?.abort();
    jobs.delete(job);
  },
} satisfies SurveyApi);
