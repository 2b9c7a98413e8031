import { type AdminConsole, type PooledServer, readPooledClients, readPooledServers } from './pooler-admin.ts';

/** More names than this tell nobody more. */
const NAMED = 5;

/**
 * Who held up a PAUSE, in words: PAUSE closes what is released, so a server connection that was there `before` and is still there was
 * in use all the time. Names are their clients' own: hostile text. Asked after RESUME, so nobody waits for it.
 */
export async function describeHolders(console: AdminConsole, before: readonly PooledServer[]): Promise<string> {
  const after = await readPooledServers(console);
  const clients = await readPooledClients(console);
  if (!after.ok) return `Who holds it up is not known: ${after.reason}`;
  const known = new Set(before.map(identify));
  const held = after.value.filter((server) => known.has(identify(server)));
  if (held.length === 0) return 'Who held it up is gone by now: try again.';
  const byPointer = new Map((clients.ok ? clients.value : []).map((client) => [client.ptr, client]));
  const names = held.slice(0, NAMED).map(({ link, remote_pid: pid }) => {
    const client = byPointer.get(link);
    if (client === undefined) return `PostgreSQL's process ${pid}`;
    const { user, database, addr, application_name: application } = client;
    return `${user}@${database} from ${addr}${application === '' ? '' : ` (${application})`}, PostgreSQL's process ${pid}`;
  });
  const more = held.length > NAMED ? `; and ${held.length - NAMED} more` : '';
  const many = held.length === 1 ? '1 client holds it up' : `${held.length} clients hold it up`;
  return `${many}: ${names.join('; ')}${more}. End its transaction (with session pooling: its connection), and try again.`;
}

function identify({ ptr, remote_pid: pid }: PooledServer): string {
  return `${ptr} ${pid}`;
}
