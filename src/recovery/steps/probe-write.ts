import { z } from 'zod';
import { psql } from '../manual-commands.ts';
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
  title: ({ database }) => `Probe that the database ${database} takes writes`,
  manual: (connection) => [
    {
      say: 'Writes into the WAL, and prints where, as in 0/1A2B3C8.',
      run: psql(connection, "select pg_logical_emit_message(true, 'breakwater', 'probe');"),
      otherwise:
        'An error: the server takes no writes. Is its disk full? Release no client, and read the log of its pod.',
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
