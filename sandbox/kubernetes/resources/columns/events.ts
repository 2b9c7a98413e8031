import type { KubeObject } from '../../api/object.ts';
import type { Column } from '../../api/resource-type.ts';
import { ageOf, textOr } from './cells.ts';

export const EVENT_COLUMNS: readonly Column[] = [
  { name: 'Last Seen', cell: (event, now) => ageOf(lastSeen(event), now) },
  { name: 'Type', cell: ({ type }) => textOr(type, '') },
  { name: 'Reason', cell: ({ reason }) => textOr(reason, '') },
  { name: 'Object', cell: printObject },
  { name: 'Message', cell: ({ message }) => textOr(message, '').trim() },
  { name: 'Count', wide: true, type: 'integer', cell: ({ count }) => (typeof count === 'number' ? count : 1) },
  { name: 'Name', wide: true, cell: ({ metadata }) => metadata.name },
];

function lastSeen({ lastTimestamp, eventTime, metadata }: KubeObject): string {
  return textOr(lastTimestamp, '') || textOr(eventTime, '') || metadata.creationTimestamp;
}

function printObject({ involvedObject }: KubeObject): string {
  const { kind = '', name = '' } = (involvedObject ?? {}) as { readonly kind?: string; readonly name?: string };
  return `${kind.toLowerCase()}/${name}`;
}
