import { expect, test } from 'vitest';
import { listLosses } from '../../src/incidents/list-losses.ts';

test('names each loss once, with its application where one alert names it', () => {
  const alerts = [{ impact: 'site, API' }, { impact: 'site: site, API; bitwarden: passwords' }, { impact: '' }];
  expect(listLosses(alerts)).toEqual(['site: site, API', 'bitwarden: passwords']);
});
