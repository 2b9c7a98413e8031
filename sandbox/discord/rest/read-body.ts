import type { IncomingMessage } from 'node:http';
import type { Upload } from '../world/message-parts.ts';
import { ApiError, apiError } from './api-error.ts';

export interface Body {
  /** Parsed JSON, of the body or of its `payload_json`; undefined when there was none. */
  readonly json: unknown;
  readonly uploads: readonly Upload[];
}

/** Above this Discord answers 413: ten files of 10 MiB and some. */
const MAX_BYTES = 105 * 1024 * 1024;

/** Reads the whole body; what it is comes later, so that the time of its arrival is known first. */
export async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > MAX_BYTES) throw new ApiError(413, 40_005, 'Request entity too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** JSON or multipart/form-data with `payload_json` and `files[n]`. Throws 50109 for what is neither. */
export async function parseBody(bytes: Buffer, contentType: string): Promise<Body> {
  if (bytes.byteLength === 0) return { json: undefined, uploads: [] };
  if (!contentType.startsWith('multipart/form-data')) return { json: parseJson(bytes.toString('utf8')), uploads: [] };
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': contentType } })
    .formData()
    .catch(() => {
      throw apiError('badJson');
    });
  const payload = form.get('payload_json');
  const uploads: Upload[] = [];
  for (const [name, value] of form) {
    const index = /^files?\[?(\d+)?\]?$/.exec(name);
    if (index === null || typeof value === 'string') continue;
    uploads.push({
      index: Number(index[1] ?? 0),
      filename: value.name,
      contentType: value.type || 'application/octet-stream',
      data: new Uint8Array(await value.arrayBuffer()),
    });
  }
  return { json: typeof payload === 'string' ? parseJson(payload) : {}, uploads };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw apiError('badJson');
    throw error;
  }
}
