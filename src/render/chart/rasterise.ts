import { createRasteriser } from './rasterise-svg.ts';

/** One picture at a time for the whole process: each has a thread with tens of megabytes for a moment. */
export const rasterise = createRasteriser();
