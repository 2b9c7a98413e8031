import { expect, it } from 'vitest';
import type { ActFact, StepFact } from '../../src/incidents/timeline.ts';
import { renderAct } from '../../src/render/act-message.ts';
import { COLOURS } from '../../src/render/message.ts';
import { renderNarration } from '../../src/render/timeline-line.ts';
import { act, event, incident } from '../support/incident-builders.ts';

const render = (parts: Partial<ActFact>) => {
  const fact = act({ act: 'restart', ...parts });
  return renderAct({ ...event(0, fact), fact }).embed;
};
const step = (state: StepFact['state']): Partial<ActFact> => ({
  stage: 'step',
  step: { id: 'x', kind: 'x', title: 'x', state, saw: '', startedAt: null, endedAt: null },
});

it.each<[Partial<ActFact>, string, number]>([
  [{ stage: 'requested' }, 'asked for', COLOURS.calm],
  [{ stage: 'approved' }, 'approved', COLOURS.warning],
  [{ stage: 'broke-glass' }, 'approved by breaking the glass', COLOURS.critical],
  [step('done'), 'step done', COLOURS.calm],
  [step('skipped'), 'step skipped', COLOURS.warning],
  [step('failed'), 'step failed', COLOURS.critical],
  [step('unknown'), 'step: outcome unknown', COLOURS.critical],
  [{ stage: 'stopped' }, 'stopped', COLOURS.critical],
  [{ stage: 'directed' }, 'told how to go on', COLOURS.calm],
  [{ stage: 'ended' }, 'ended', COLOURS.unknown],
  [{ stage: 'done' }, 'done', COLOURS.resolved],
])('the audit channel says of %o: %s', (parts, words, colour) => {
  expect(render(parts)).toMatchObject({ title: `restart on main: ${words}`, colour });
});

it.each<[ActFact['stage'], number]>([
  ['stopped', COLOURS.critical],
  ['broke-glass', COLOURS.critical],
  ['step', COLOURS.calm],
])('a narration of %s has its colour', (stage, colour) => {
  expect(renderNarration(incident(), [event(0, act({ stage }))]).embed?.colour).toBe(colour);
});
