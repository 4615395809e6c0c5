/** Buffers that are filled in turn, as many as the engine's ring has. */
const LANES = 4;
/** Times that each of them is filled in one call. */
const ROUNDS = 4;

/**
 * Two ways of getting `data` into buffers of the device, over and over: `writeBuffer`, and as the engine does it, through a
 * mapped buffer and a copy on the device.
 *
 * @param {GPUDevice} device
 * @param {Uint8Array<ArrayBuffer>} data a multiple of 8 bytes
 */
export function gpuUploads(device, data) {
  const { STORAGE, COPY_DST, COPY_SRC, MAP_READ, MAP_WRITE } = GPUBufferUsage;
  const size = data.byteLength;
  const lanes = Array.from({ length: LANES }, () => ({
    staging: device.createBuffer({ size, usage: MAP_WRITE | COPY_SRC }),
    target: device.createBuffer({ size, usage: STORAGE | COPY_DST | COPY_SRC }),
  }));
  const readback = device.createBuffer({ size, usage: MAP_READ | COPY_DST });

  /** @param {GPUBuffer} from @param {GPUBuffer} to */
  const copy = (from, to) => {
    const commands = device.createCommandEncoder();
    commands.copyBufferToBuffer(from, 0, to, 0, size);
    device.queue.submit([commands.finish()]);
  };

  return {
    /** Bytes that one call uploads. */
    bytes: LANES * ROUNDS * size,

    async writeBuffer() {
      for (let i = 0; i < LANES * ROUNDS; i++) {
        device.queue.writeBuffer(lanes[i % LANES].target, 0, data);
        // The queue begins when something is submitted; until then it would only gather.
        device.queue.submit([]);
      }
      await device.queue.onSubmittedWorkDone();
    },

    async mapped() {
      await Promise.all(
        lanes.map(async ({ staging, target }) => {
          for (let round = 0; round < ROUNDS; round++) {
            await staging.mapAsync(GPUMapMode.WRITE);
            new Uint8Array(staging.getMappedRange()).set(data);
            staging.unmap();
            copy(staging, target);
          }
        }),
      );
      await device.queue.onSubmittedWorkDone();
    },

    /** Throws a sentence where what the last upload left on the device is not the data. @param {string} way */
    async hold(way) {
      for (const { target } of lanes) {
        copy(target, readback);
        await readback.mapAsync(GPUMapMode.READ);
        const same = Buffer.compare(new Uint8Array(readback.getMappedRange()), data) === 0;
        readback.unmap();
        if (!same) throw new Error(`What ${way} left on the device is not what was uploaded.`);
      }
    },
  };
}
