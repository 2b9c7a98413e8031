const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/** A value that no log, template or JSON shows; only `reveal()` gives it, at the place that must send it. */
export interface Secret {
  reveal(): string;
  toString(): string;
  toJSON(): string;
}

const REDACTED = '[redacted]';

/** Wraps a secret. The value lives in a closure, so that walking the object's properties does not find it either. */
export function createSecret(value: string): Secret {
  const redacted = (): string => REDACTED;
  return Object.freeze({ reveal: () => value, toString: redacted, toJSON: redacted, [INSPECT]: redacted });
}
