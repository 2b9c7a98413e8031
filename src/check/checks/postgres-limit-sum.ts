import { usableConnections } from '../../model/capacity.ts';
import { type Check, fine, type Judgement, warning } from '../check.ts';
import { listRoleLimits } from '../connection-limits.ts';

export default {
  area: 'postgres',
  scope: 'database',
  summary: 'The limits of the applications together fit into the usable connections.',
  judge({ server, roles }, database): readonly Judgement[] {
    const limits = listRoleLimits(database).flatMap(
      ({ role, limit }) => roles.get(role)?.connectionLimit ?? limit ?? [],
    );
    if (limits.length === 0) return [];
    const sum = limits.reduce((total, limit) => total + limit, 0);
    const usable = usableConnections(server.capacity);
    const subject = `${database.name}: sum of limits`;
    if (sum <= usable) return [fine(subject, `${sum} of ${usable} usable connections`)];
    const wanted = Math.ceil((sum + server.capacity.max - usable) / 10) * 10;
    return [
      warning(subject, {
        what: `the limits of the applications add up to ${sum}, ${usable} connections are usable`,
        why: 'The server can be full while every application is within its limit.',
        mend: `Lower the limits, or:\nALTER SYSTEM SET max_connections = ${wanted};   -- takes effect when PostgreSQL restarts`,
      }),
    ];
  },
} satisfies Check;
