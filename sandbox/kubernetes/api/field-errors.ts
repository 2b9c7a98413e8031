import { type Fault, invalid } from './refusals.ts';

/** What may be wrong with a field, in the server's words. */

export function invalidValue(field: string, value: unknown, why: string): Fault {
  return { reason: 'FieldValueInvalid', field, message: `Invalid value: ${JSON.stringify(value)}: ${why}` };
}

export function wrongType(field: string, value: unknown, why: string): Fault {
  return { ...invalidValue(field, value, why), reason: 'FieldValueTypeInvalid' };
}

export function requiredValue(field: string, why = ''): Fault {
  return { reason: 'FieldValueRequired', field, message: why === '' ? 'Required value' : `Required value: ${why}` };
}

export function forbiddenValue(field: string, why: string): Fault {
  return { reason: 'FieldValueForbidden', field, message: `Forbidden: ${why}` };
}

export function unsupportedValue(field: string, value: unknown, supported: readonly string[]): Fault {
  const words = supported.map((word) => JSON.stringify(word)).join(', ');
  return {
    reason: 'FieldValueNotSupported',
    field,
    message: `Unsupported value: ${JSON.stringify(value)}: supported values: ${words}`,
  };
}

/** `limit` in bytes. */
export function tooLong(field: string, limit: number): Fault {
  return { reason: 'FieldValueTooLong', field, message: `Too long: may not be more than ${limit} bytes` };
}

/** Throws 422 where there is a fault. */
export function refuseInvalid(
  type: { readonly group: string; readonly kind: string },
  name: string,
  faults: readonly Fault[],
): void {
  if (faults.length > 0) throw invalid(type, name, faults);
}
