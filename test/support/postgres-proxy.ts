import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What stands between a client and PostgreSQL, and what it does to them. */
export interface PostgresProxy {
  readonly port: number;
  /** Gives clients another process id than the server's, as poolers do. */
  inventKeys: boolean;
  /** Cuts the connection when a client sends this text, which the server still gets or does not; once. */
  cutAt: { readonly text: string; readonly passOn: boolean } | null;
  /** Hangs up on newcomers at once. */
  closed: boolean;
  close(): Promise<void>;
}

/** BackendKeyData: `K`, length 12, process id, secret key; a longer key from protocol 3.2 on, which pg does not ask for. */
const KEY_DATA = Buffer.from([0x4b, 0, 0, 0, 12]);

export async function startPostgresProxy(target: {
  readonly host: string;
  readonly port: number;
}): Promise<PostgresProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    if (proxy.closed) return client.destroy();
    const upstream = connect(target.port, target.host);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.end();
      });
    }
    client.on('data', (data) => {
      const cut = proxy.cutAt !== null && data.includes(proxy.cutAt.text) ? proxy.cutAt : null;
      if (cut?.passOn !== false) upstream.write(data);
      if (cut === null) return;
      proxy.cutAt = null;
      client.destroy();
    });
    upstream.on('data', (data) => client.write(proxy.inventKeys ? inventKey(data) : data));
    return undefined;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: PostgresProxy = {
    port: (server.address() as AddressInfo).port,
    inventKeys: false,
    cutAt: null,
    closed: false,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;
}

function inventKey(data: Buffer): Buffer {
  const at = data.indexOf(KEY_DATA);
  if (at === -1) return data;
  const copy = Buffer.from(data);
  copy.writeInt32BE(0x7b_ad_1d_ea, at + KEY_DATA.length);
  return copy;
}
