import { type Check, fault, fine } from '../check.ts';

export default {
  area: 'postgres',
  scope: 'database',
  summary: '`track_activities` is on: without it no session has a state or a statement.',
  judge: ({ settings }, { name }) => [
    settings.trackActivities
      ? fine(`${name}: track_activities`, 'the server tells what its sessions do')
      : fault(`${name}: track_activities`, {
          what: 'track_activities is off: no session has a state or a statement',
          why: 'Idle sessions and stuck transactions cannot be told from working ones: rules are blind, nothing can be selected.',
          mend: 'ALTER SYSTEM SET track_activities = on;\nSELECT pg_reload_conf();',
        }),
  ],
} satisfies Check;
