import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoteServer, readConnectFault } from '../../src/postgres/connect-fault.ts';

function serverError(fields: { message: string; detail?: string }) {
  return Object.assign(new Error(fields.message), { severity: 'FATAL', code: 'XX000', ...fields });
}
const quote = (fields: { message: string; detail?: string }) =>
  quoteServer(readConnectFault(serverError(fields), true, undefined));

describe('readConnectFault', () => {
  it('strikes out the password wherever the server repeats it', () => {
    const fault = readConnectFault(serverError({ message: 'no hunter2', detail: 'hunter2hunter2' }), true, 'hunter2');
    expect(fault).toMatchObject({ message: 'no [password]', detail: '[password][password]' });
  });

  it.each([undefined, null, 'text', 7, {}])('makes a fault of %j', (error) => {
    expect(readConnectFault(error, false, 'x')).toMatchObject({ fromServer: false, message: 'unknown error' });
  });
});

describe('quoteServer', () => {
  it('joins message and detail', () => {
    expect(quote({ message: 'no', detail: 'why' })).toBe('no (why)');
  });

  it('is null when the server said nothing', () => {
    expect(quoteServer(readConnectFault(new Error('ECONNREFUSED'), false, undefined))).toBeNull();
  });

  it('drops control characters and what turns the direction of text', () => {
    expect(quote({ message: 'a\u0000b\u001B[31m\nc\u202Ed' })).toBe('a b [31m c d');
  });

  it('is one clean line of at most 300 characters, whatever the server says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (message) => {
        const said = quote({ message }) ?? '';
        expect(Array.from(said).length).toBeLessThanOrEqual(300);
        expect(said).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
      }),
    );
  });
});
