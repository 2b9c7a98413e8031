import type { ApplicationTally } from '../model/tally.ts';
import { joinLines } from './join-lines.ts';
import type { EmbedField } from './message.ts';
import { escapeUntrusted } from './untrusted.ts';

/** Who holds the connections, the largest first, in no more characters than `room`. Pure. */
export function renderApplications(applications: readonly ApplicationTally[], room: number): EmbedField[] {
  if (applications.length === 0) return [];
  const width = String(applications[0]?.count ?? 0).length;
  const lines = applications.map(({ name, count, limit, byState, byAddress }) => {
    const states = Object.entries(byState).map(([state, number]) => `${number} ${state}`);
    const limitText = limit === null ? '' : `, limit ${limit}${count >= limit ? ' ⚠️' : ''}`;
    const detail = states.length > 0 ? `: ${states.join(', ')}` : '';
    const line = `\`${String(count).padStart(width)}\` **${escapeUntrusted(name, 63)}**${limitText}${detail}`;
    return limit !== null && count >= limit ? `${line}\n${renderAddresses(byAddress)}` : line;
  });
  return spreadOverFields('Connections by application', lines, room);
}

/**
 * As many fields as it takes, three at most: each application has its count in text (contract.md, fine print 3). They give
 * way where `room` is short: of the alerts, the orphaned sessions and the backup nothing may be missing.
 */
function spreadOverFields(name: string, lines: readonly string[], room: number): EmbedField[] {
  const fields: EmbedField[] = [];
  let rest = lines;
  let left = room;
  while (rest.length > 0 && fields.length < MOST_FIELDS && left > LEAST_ROOM) {
    const title = fields.length === 0 ? name : `${name}, continued`;
    const limit = Math.min(FIELD_LENGTH, left - title.length);
    const isLast = fields.length === MOST_FIELDS - 1 || left - title.length - limit <= LEAST_ROOM;
    const fitting = isLast ? rest.length : countFitting(rest, limit);
    const value = joinLines(rest.slice(0, fitting), limit);
    fields.push({ name: title, value });
    left -= title.length + value.length;
    rest = rest.slice(fitting);
  }
  return fields;
}

/** A title, and a line or two. */
const LEAST_ROOM = 150;
const MOST_FIELDS = 3;
const FIELD_LENGTH = 1024;

/** How many whole lines fit, at least one. */
function countFitting(lines: readonly string[], limit: number): number {
  let length = -1;
  const tooMany = lines.findIndex((line) => (length += line.length + 1) > limit);
  return tooMany === -1 ? lines.length : Math.max(1, tooMany);
}

/** Where the sessions of an application past its limit come from: what to look for in the cluster. */
function renderAddresses(byAddress: ApplicationTally['byAddress']): string {
  const shown = byAddress.slice(0, 4).map(({ address, count }) => `${escapeUntrusted(address)} (${count})`);
  const left = byAddress.length - shown.length;
  return `-# from ${shown.join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
}
