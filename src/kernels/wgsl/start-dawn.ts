import type { Engine } from "../engine.ts";
import { type Dawn, openDawnDevice } from "./dawn-device.ts";
import { type StartedDevice, startOn } from "./start-on.ts";
import type { WgslEngineOptions } from "./wgsl-engine.ts";

/**
 * `startDevice` for Node: the WGSL engine on Dawn, with `fallback` for what it does not compute itself. Whoever starts it
 * closes it, for with an open device Node does not end by itself. Never rejects: the report says what failed.
 *
 * @param load imports the package `webgpu`, an optional dependency
 */
export function startDawn(
  load: () => Promise<Dawn>,
  fallback: Engine,
  force: boolean,
  options: WgslEngineOptions = {},
): Promise<StartedDevice> {
  return startOn(
    () => openDawnDevice(load),
    async () => fallback,
    force,
    options,
  );
}
