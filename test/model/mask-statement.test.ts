import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskStatement } from '../../src/model/mask-statement.ts';

const SECRET = 'hunter2';

describe('maskStatement', () => {
  it.each([
    ['select * from users where mail = $1', 'select * from users where mail = $1'],
    [`select 'it''s ${SECRET}', 12.5e-3, 0xFF from t1`, 'select ?, … from t1'],
    ['insert into t values (1, 2, 3), (4, 5, 6)', 'insert into t values (?, …), (?, …)'],
    ['select a, b from "My Table" where c=1', 'select a, b from "My Table" where c=?'],
    [`select $$${SECRET}$$, $tag$ $$ ${SECRET} $tag$, x`, 'select ?, …, x'],
    [`select E'a\\'${SECRET}', 1 + x`, 'select ?, … + x'],
    [`select B'01', X'ff', n'${SECRET}', U&'\\0041'`, 'select ?, …'],
    [`/* ${SECRET} /* nested */ still */ select 1 -- ${SECRET}\n from t`, 'select ? from t'],
    [`alter role site password '${SECRET}'`, 'alter role site password ?'],
    [`set app.token = ${SECRET}; select a`, 'set app.token = ?; select a'],
    [`SET LOCAL app.token TO ${SECRET}`, 'SET LOCAL app.token TO ?'],
    [`alter database main set app.token to ${SECRET}`, 'alter database main set app.token to ?'],
    ['update t set a = b where c = 4', 'update t set a = b where c = ?'],
    ['set transaction isolation level serializable', 'set transaction isolation level serializable'],
    ['alter table t alter column c set default now()', 'alter table t alter column c set default now()'],
    ['select tab1e1, a$b from x1', 'select tab1e1, a$b from x1'],
    ['select data ? a, data -> 3', 'select data ? a, data -> ?'],
    ['', ''],
  ])('shows %j as %j', (statement, shown) => {
    expect(maskStatement(statement)).toBe(shown);
  });

  it.each([
    ['a string that the server cut', `select a from t where b = '${SECRET}`],
    ['a dollar quote that it cut', `select $x$ ${SECRET} $x`],
    ['a comment that it cut', `select a /* ${SECRET}`],
    ['a name that it cut', `select "a ${SECRET}`],
    ['a backslash before a quote, which is read in two ways', `select 'a\\' ${SECRET}', b`],
    ['three of them', `select 'a\\\\\\' ${SECRET}'`],
  ])('hides all behind %s', (_, statement) => {
    expect(maskStatement(statement)).not.toContain(SECRET);
  });

  const quoted = fc.oneof(
    fc.string().map((text) => `'${text.replaceAll("'", "''")}${SECRET}'`),
    fc.string().map((text) => `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}${SECRET}'`),
    fc.string().map((text) => `$q$${text.replaceAll('$', '')}${SECRET}$q$`),
    fc.string().map((text) => `/*${text.replaceAll(/[*/]/g, '')}${SECRET}*/`),
    fc.string().map((text) => `--${text.replaceAll(/[\r\n]/g, '')}${SECRET}\n`),
    fc.nat().map((number) => `${number}${SECRET}`),
  );
  const word = fc.constantFrom('select', 'from', 'where', 'x1', '=', '(', ')', ',', '$1', '"A b"', '::text', '||');

  it('never shows what stands in a literal or a comment, whatever surrounds it, however it is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(word, quoted), { maxLength: 12 }), fc.nat(400), (parts, length) => {
        expect(maskStatement(parts.join(' ').slice(0, length))).not.toContain(SECRET);
      }),
      { numRuns: 1_000 },
    );
  });

  it('shows every word in its order where no literal is', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        expect(maskStatement(words.join(' '))).toBe(words.join(' '));
      }),
    );
  });

  it('masks what is masked already into itself, and ends for any text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(fc.oneof(word, quoted)).map((a) => a.join('')),
        ),
        (text) => {
          const once = maskStatement(text);
          expect(maskStatement(once)).toBe(once);
        },
      ),
    );
  });
});
