import { expect, it } from 'vitest';
import { joinLines } from '../../src/render/join-lines.ts';

it('leaves whole lines out when there are too many, and says how many', () => {
  const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`);
  const joined = joinLines(lines, 100);
  expect(joined.length).toBeLessThanOrEqual(100);
  const shown = joined.split('\n').length - 1;
  expect(joined).toMatch(new RegExp(`… and ${30 - shown} more$`));
  expect(joinLines(['a', 'b'], 3)).toBe('a\nb');
});
