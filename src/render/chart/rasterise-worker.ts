import { fileURLToPath } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { renderAsync } from '@resvg/resvg-js';
import { THEME } from './theme.ts';

// Runs in a thread of its own; see rasterise-svg.ts.
const fontFiles = ['DejaVuSansCondensed.ttf', 'DejaVuSansCondensed-Bold.ttf'].map((file) =>
  fileURLToPath(import.meta.resolve(`dejavu-fonts-ttf/ttf/${file}`)),
);
const image = await renderAsync(String(workerData), {
  font: { loadSystemFonts: false, fontFiles, defaultFontFamily: THEME.font },
  logLevel: 'off',
});
const png = Uint8Array.from(image.asPng());
parentPort?.postMessage(png, [png.buffer]);
