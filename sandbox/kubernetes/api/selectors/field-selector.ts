import type { KubeObject } from '../object.ts';
import { badRequest } from '../refusals.ts';
import type { ResourceType } from '../resource-type.ts';

/** As in a query: `spec.nodeName=a,status.phase!=Running`. Throws StatusError 400 for a field that the type has not (golden 161). */
export function parseFieldSelector(type: ResourceType, text: string): (object: KubeObject) => boolean {
  const known = ['metadata.name', ...(type.namespaced ? ['metadata.namespace'] : []), ...(type.selectableFields ?? [])];
  const requirements = text
    .split(',')
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const [, field = '', operator, value] = /^\s*([^=!]+?)\s*(==|=|!=)\s*(.*?)\s*$/.exec(part) ?? [];
      if (operator === undefined) throw badRequest(`invalid selector: '${part}'; can't understand '${part}'`);
      if (!known.includes(field)) {
        const list = known.map((name) => `"${name}"`).join(', ');
        throw badRequest(`"${field}" is not a known field selector: only ${list}`);
      }
      return { path: field.split('.'), equal: operator !== '!=', value };
    });
  return (object) => requirements.every(({ path, equal, value }) => (read(object, path) === value) === equal);
}

/** What is absent is the empty text; of an event's source, its component counts. */
function read(object: unknown, path: readonly string[]): string {
  let value = object;
  for (const key of path) value = isRecord(value) ? value[key] : undefined;
  const leaf = isRecord(value) ? value['component'] : value;
  return typeof leaf === 'string' || typeof leaf === 'number' || typeof leaf === 'boolean' ? String(leaf) : '';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
