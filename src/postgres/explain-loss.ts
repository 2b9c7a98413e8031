import { type ConnectFault, quoteServer } from './connect-fault.ts';

/** How a held session was lost, for people (facts.md, PostgreSQL 5). */
export function explainLoss(fault: ConnectFault): string {
  if (fault.timedOut) return `the held session was given up: ${fault.message}`;
  if (!fault.fromServer) return `the connection broke without a word (${fault.code ?? 'closed'})`;
  return LOSSES.get(fault.code ?? '') ?? `the server ended the connection (${fault.code}): ${quoteServer(fault)}`;
}

const LOSSES: ReadonlyMap<string, string> = new Map([
  ['57P01', 'the server ended the connection: it shuts down, or somebody terminated it'],
  ['57P02', 'the server ended the connection: another of its processes crashed'],
  ['57P04', 'the server ended the connection: the database was dropped'],
  ['57P05', 'the server ended the connection: it was idle for too long'],
]);
