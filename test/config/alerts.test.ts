import { expect, it } from 'vitest';
import { configOf, faultsOf, MINIMAL } from '../support/config.ts';

const withAlerts = (settings: string) => `${MINIMAL}    alerts:\n      connections-total: ${settings}\n`;
const settingsOf = (settings: string) => configOf(withAlerts(settings)).databases[0].alerts['connections-total'];

it("gives every known rule its rule's defaults", () => {
  expect(configOf(MINIMAL).databases[0].alerts).toEqual({
    'connections-total': {
      enabled: true,
      severity: 'critical',
      forMs: 0,
      keepMs: 0,
      repeatMs: 14_400_000,
      fire: { kind: 'percent', value: 90 },
      clear: { kind: 'percent', value: 80 },
      extra: {},
    },
    'connections-application': {
      enabled: true,
      severity: 'warning',
      forMs: 15_000,
      keepMs: 0,
      repeatMs: 14_400_000,
      fire: { kind: 'percent', value: 100 },
      clear: { kind: 'percent', value: 90 },
      extra: {},
    },
  });
});

it('takes what the file says', () => {
  expect(settingsOf('{ fire: 60, clear: "50%", for: 90s, severity: warning, enabled: false }')).toEqual({
    enabled: false,
    severity: 'warning',
    forMs: 90_000,
    keepMs: 0,
    repeatMs: 14_400_000,
    fire: { kind: 'count', value: 60 },
    clear: { kind: 'percent', value: 50 },
    extra: {},
  });
});

it.each([
  ['{ fire: "95%" }', { kind: 'percent', value: 80 }, 'the default, which lies below'],
  ['{ fire: "45%" }', { kind: 'percent', value: 40 }, 'the same share, as the default lies above'],
  ['{ fire: 90 }', { kind: 'count', value: 80 }, 'the same share, as the default is a percentage'],
  ['{ fire: 10 }', { kind: 'count', value: 8 }, 'the same share, rounded down'],
])('clears %s at %j: %s', (settings, clear) => {
  expect(settingsOf(settings)?.clear).toEqual(clear);
});

it.each([
  ['{ fire: "80%", clear: "85%" }', 'clear: "85%" is above fire ("80%"): write less, so that it can resolve'],
  ['{ clear: "95%" }', 'clear: "95%" is above fire ("90%"): write less, so that it can resolve'],
  ['{ fire: 0 }', 'fire: 0 would fire at nothing: write 1 or more'],
  ['{ fire: "120%" }', 'fire: "120%" is more than all there is: write "100%" or less'],
  ['{ fire: many }', 'fire: "many" is neither a percentage nor a number: write one, as in "90%" or 90'],
  ['{ fire: 1.5 }', 'fire: 1.5 is no whole number: write one, as in 90, or a percentage, as in "90%"'],
  ['{ fire: [90] }', 'fire: is no threshold: write a percentage such as "90%" or a number such as 90'],
  ['{ for: 10 }', 'for: 10 has no unit: write 10s for seconds; the units are ms, s, m, h, d'],
  ['{ severity: critcal }', 'severity: "critcal" is not known here: did you mean critical? write warning or critical'],
  ['{ enabled: no }', 'enabled: "no" is a text: write true or false'],
])('refuses %s', (settings, message) => {
  expect(faultsOf(withAlerts(settings))).toEqual([
    expect.stringMatching(/^10:\d+ databases\[0\]\.alerts\.connections-total\./),
  ]);
  expect(faultsOf(withAlerts(settings))[0]).toContain(message);
});

it('knows which rule an unknown one was meant to be', () => {
  expect(faultsOf(`${MINIMAL}    alerts:\n      connection-total: { enabled: false }\n`)).toEqual([
    '10:7 databases[0].alerts.connection-total: is an unknown alert rule: did you mean connections-total?',
  ]);
});
