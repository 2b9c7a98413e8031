import { z } from 'zod';
import { psql } from '../shell-words.ts';
import type { RecoveryStep } from '../step.ts';

type Params = z.infer<typeof params>;
const params = z.object({ host: z.string(), port: z.number(), database: z.string() });

export default {
  kind: 'probe-write',
  summary: 'Writes a message into the WAL and sees it flushed: the disk takes writes. It needs no table and no grant.',
  params,
  deadlineMs: 60_000,
  verifiesByWriting: true,
  skip: 'Clients may be released onto a server that cannot write.',
  title: ({ database }) => `Probe that ${database} takes writes`,
  manual: (connection) => [
    {
      say: 'Prints where in the WAL it was written; an error means that the server takes no writes.',
      run: psql(connection, "select pg_logical_emit_message(true, 'breakwater', 'probe')"),
    },
  ],
  // To look is to write: nobody reads the message and no data is changed, so it may be asked again and again.
  check: async () => ({ kind: 'acted', saw: 'writes a message that changes no data' }),
  act: async () => ({ kind: 'done' }),
  async verify({ tools }) {
    const written = await tools.server.probeWrite();
    return written.ok
      ? { kind: 'holds', saw: `written and flushed at ${written.value.lsn} in ${Math.round(written.value.tookMs)} ms` }
      : { kind: 'waiting', saw: `not written: ${written.reason}` };
  },
} satisfies RecoveryStep<Params>;
