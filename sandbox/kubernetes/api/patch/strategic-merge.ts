import { isObject, type Json, type ListShape, listShape } from './list-shape.ts';

/**
 * A new object: `patch` laid over `target`. Lists with a merge key merge item by item, all others are replaced; `$patch`
 * (replace, delete), `$retainKeys` and `$deleteFromPrimitiveList/…` are obeyed, `$setElementOrder/…` is let pass.
 */
export function strategicMerge(target: Json, patch: Json, field?: string): Json {
  const directive = patch['$patch'];
  if (directive === 'delete') return {};
  if (directive === 'replace') return withoutDirectives(patch);
  const kept = patch['$retainKeys'];
  const merged: Json = Array.isArray(kept)
    ? Object.fromEntries(Object.entries(target).filter(([name]) => kept.includes(name)))
    : { ...target };
  for (const [name, value] of Object.entries(patch)) {
    const [marker = '', of = ''] = name.split('/');
    if (marker === '$deleteFromPrimitiveList') {
      const dropped = Array.isArray(value) ? value : [];
      const items = merged[of];
      if (Array.isArray(items)) merged[of] = items.filter((item) => !dropped.includes(item));
    }
    if (name.startsWith('$')) continue;
    if (value === null) delete merged[name];
    else merged[name] = mergeValue(merged[name], value, name, field);
  }
  return merged;
}

function mergeValue(before: unknown, patch: unknown, field: string, parent: string | undefined): unknown {
  if (isObject(patch)) return strategicMerge(isObject(before) ? before : {}, patch, field);
  if (!Array.isArray(patch)) return patch;
  const items = Array.isArray(before) ? before : [];
  const plain = patch.filter(
    (item) => !(isObject(item) && item['$patch'] === 'replace' && Object.keys(item).length === 1),
  );
  if (plain.length < patch.length) return plain.map((item) => (isObject(item) ? withoutDirectives(item) : item));
  const shape = listShape(field, [...items, ...patch], parent);
  return shape.kind === 'atomic' ? patch : mergeList(items, patch, shape);
}

function mergeList(
  items: readonly unknown[],
  patch: readonly unknown[],
  shape: Exclude<ListShape, { kind: 'atomic' }>,
): unknown[] {
  const identity = (item: unknown): unknown => (shape.kind === 'map' && isObject(item) ? item[shape.mergeKey] : item);
  const order = items.map(identity);
  const deleted = patch.filter((item) => isObject(item) && item['$patch'] === 'delete').map(identity);
  const patched = patch
    .filter((item) => !deleted.includes(identity(item)))
    .map((item) => {
      if (!isObject(item)) return item;
      const before = items.find((one) => identity(one) === identity(item));
      return strategicMerge(isObject(before) ? before : {}, item);
    });
  const names = new Set([...patched.map(identity), ...deleted]);
  const rest = items.filter((item) => !names.has(identity(item)));
  const merged: unknown[] = [];
  // What the patch does not name keeps its place among what it does; what is new comes first, as with the server.
  for (const item of patched) {
    const place = order.indexOf(identity(item));
    while (place >= 0 && rest.length > 0 && order.indexOf(identity(rest[0])) < place) merged.push(rest.shift());
    merged.push(item);
  }
  return [...merged, ...rest];
}

function withoutDirectives(patch: Json): Json {
  return Object.fromEntries(Object.entries(patch).filter(([name]) => !name.startsWith('$')));
}
