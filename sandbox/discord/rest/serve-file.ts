import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FileStore } from '../world/files.ts';

/** Serves `/attachments/{channel}/{file}/{name}` as Discord's CDN would; false when the path is not of that kind. */
export function serveFile(files: FileStore, req: IncomingMessage, res: ServerResponse): boolean {
  const id = /^\/attachments\/\d+\/(\d+)\//.exec(req.url ?? '')?.[1];
  if (id === undefined) return false;
  const file = files.get(id);
  if (file === undefined) res.writeHead(404).end();
  else res.writeHead(200, { 'Content-Type': file.attachment.content_type }).end(file.data);
  return true;
}
