/**
 * Logs in so many times, prints a line when all are in, and holds the sessions idle until somebody ends them. In a process of
 * its own, so that whoever ends them is not the one who hears a thousand goodbyes.
 */
import { Client } from 'pg';

const AT_ONCE = 8;

const [host = '', port = '', user = '', password = '', count = ''] = process.argv.slice(2);
let left = Number(count);
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    while (left > 0) {
      left -= 1;
      const client = new Client({ host, port: Number(port), user, password, database: 'postgres', ssl: false });
      client.on('error', () => {}); // Being ended is what it is here for.
      await client.connect();
    }
  }),
);
process.stdout.write('ready\n');
