import { Worker } from 'node:worker_threads';

const DEADLINE_MS = 10_000;

/**
 * Draws an SVG document as PNG with the bundled DejaVu Sans Condensed; no system font, file or address is read.
 * Throws when the document is not sound, or after ten seconds.
 *
 * Each image has a thread of its own that ends with it: resvg's images hold ~6 MB outside the JavaScript heap, which
 * the collector does not see (900 images: 1.7 GB in the main thread, 60 MB this way), and font, native module
 * and PNG encoding cost the main thread neither memory at rest nor time. Adds ~20 ms to resvg's own.
 */
export async function rasteriseSvg(svg: string): Promise<Uint8Array> {
  const worker = new Worker(new URL('./rasterise-worker.ts', import.meta.url), {
    workerData: svg,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 64 },
  });
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const deadline = setTimeout(() => reject(new Error(`The chart took longer than ${DEADLINE_MS} ms`)), DEADLINE_MS);
  worker.once('message', resolve);
  worker.once('error', reject);
  worker.once('exit', (status) => reject(new Error(`The chart's thread ended with ${status} and no image`)));
  try {
    return await promise;
  } finally {
    clearTimeout(deadline);
    await worker.terminate();
  }
}

/**
 * `rasteriseSvg`, one image at a time, in the order of the calls: in a bad hour every alert wants a new chart at once,
 * and that many threads must not take the bot over its memory limit.
 */
export function createRasteriser(rasterise = rasteriseSvg): (svg: string) => Promise<Uint8Array> {
  let previous: Promise<unknown> = Promise.resolve();
  return (svg) => {
    const image = previous.then(() => rasterise(svg));
    previous = Promise.allSettled([image]); // its failure is its caller's
    return image;
  };
}
