import { expect, it } from 'vitest';
import { usableConnections } from '../../src/model/capacity.ts';

it.each([
  [{ max: 100, superuserReserved: 3, reserved: 0 }, 97],
  [{ max: 100, superuserReserved: 3, reserved: 5 }, 92],
  [{ max: 3, superuserReserved: 3, reserved: 5 }, 0],
])('of %o applications can use %i', (capacity, usable) => {
  expect(usableConnections(capacity)).toBe(usable);
});
