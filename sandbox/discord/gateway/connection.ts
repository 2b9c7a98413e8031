import { constants, createDeflate } from 'node:zlib';
import type { WebSocket } from 'ws';

/** One WebSocket, speaking JSON, plain or as one zlib stream. */
export interface Connection {
  send(payload: object): void;
  close(code: number, reason?: string): void;
  /** Cuts it without a close frame. */
  cut(): void;
}

export function createConnection(
  socket: WebSocket,
  options: { readonly zlibStream: boolean; readonly muted: () => boolean },
): Connection {
  const write = options.zlibStream ? throughZlib(socket) : (text: string) => socket.send(text);
  return {
    send(payload) {
      if (socket.readyState === socket.OPEN && !options.muted()) write(JSON.stringify(payload));
    },
    close: (code, reason) => socket.close(code, reason),
    cut: () => socket.terminate(),
  };
}

/** One deflate stream per connection, flushed after each payload: its frames end in 00 00 FF FF. */
function throughZlib(socket: WebSocket): (text: string) => void {
  const deflate = createDeflate();
  let chunks: Buffer[] = [];
  deflate.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('close', () => deflate.close());
  return (text) => {
    deflate.write(text);
    deflate.flush(constants.Z_SYNC_FLUSH, () => {
      const frame = Buffer.concat(chunks);
      chunks = [];
      if (frame.byteLength > 0 && socket.readyState === socket.OPEN) socket.send(frame);
    });
  };
}
