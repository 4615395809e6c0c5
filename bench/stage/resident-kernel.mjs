/** @typedef {import("./gpu-kernels.mjs").GpuKernels} GpuKernels */

/**
 * The WGSL engine's shader on data that lies on the device, with the engine's bindings and number of workgroups: nothing is
 * uploaded and nothing read back while it is timed.
 *
 * @param {GPUDevice} device
 * @param {GpuKernels} kernels
 * @param {import("./gpu-kernels.mjs").Stretch} stretch of any length that a buffer can have
 */
export async function residentKernel(device, kernels, stretch) {
  const { bindingsOf, uniformOf, resultStats, PAIR_STATS_SHADER, MAX_WORKGROUPS, RUN_ELEMENTS, RUN_SUMS, COUNTS } =
    kernels;
  const { STORAGE, UNIFORM, COPY_DST, COPY_SRC, MAP_READ } = GPUBufferUsage;
  const runs = Math.ceil(stretch.count / RUN_ELEMENTS);
  const [countBytes, sumBytes] = [4 * COUNTS.length, 4 * RUN_SUMS * runs];
  const uniform = uniformOf(stretch);
  /** @param {number} size @param {number} usage */
  const buffer = (size, usage) => device.createBuffer({ size, usage });
  const bound = [
    buffer(stretch.a.byteLength, STORAGE | COPY_DST),
    buffer(stretch.b.byteLength, STORAGE | COPY_DST),
    buffer(countBytes, STORAGE | COPY_DST | COPY_SRC),
    buffer(sumBytes, STORAGE | COPY_SRC),
    buffer(uniform.byteLength, UNIFORM | COPY_DST),
  ];
  const [a, b, counts, sums, head] = bound;
  const readback = buffer(countBytes + sumBytes, MAP_READ | COPY_DST);
  for (const [to, data] of /** @type {const} */ ([
    [a, stretch.a],
    [b, stretch.b],
    [head, uniform],
  ])) {
    device.queue.writeBuffer(to, 0, /** @type {Uint8Array<ArrayBuffer>} */ (data));
  }
  const layout = bindingsOf(device);
  const pipeline = await device.createComputePipelineAsync({
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: { module: device.createShaderModule({ code: PAIR_STATS_SHADER }) },
  });
  const bindings = device.createBindGroup({
    layout,
    entries: bound.map((each, binding) => ({ binding, resource: { buffer: each } })),
  });

  /** @param {GPUCommandEncoder} commands @param {number} times */
  const dispatch = (commands, times) => {
    const pass = commands.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindings);
    for (let i = 0; i < times; i++) pass.dispatchWorkgroups(Math.min(runs, MAX_WORKGROUPS));
    pass.end();
  };

  return {
    /** Computes the stretch so many times, one after the other, and waits for the last. @param {number} times */
    async compute(times) {
      const commands = device.createCommandEncoder();
      dispatch(commands, times);
      device.queue.submit([commands.finish()]);
      await device.queue.onSubmittedWorkDone();
    },

    /** Computes it once more and reads what came out. */
    async stats() {
      const commands = device.createCommandEncoder();
      commands.clearBuffer(counts);
      dispatch(commands, 1);
      commands.copyBufferToBuffer(counts, 0, readback, 0, countBytes);
      commands.copyBufferToBuffer(sums, 0, readback, countBytes, sumBytes);
      device.queue.submit([commands.finish()]);
      await readback.mapAsync(GPUMapMode.READ);
      const result = readback.getMappedRange().slice(0);
      readback.unmap();
      const read = {
        counts: new Uint32Array(result, 0, COUNTS.length),
        sums: new Float32Array(result, countBytes, RUN_SUMS * runs),
      };
      return resultStats(read, stretch.count);
    },
  };
}
