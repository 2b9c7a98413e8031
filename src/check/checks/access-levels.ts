import { type Check, fine, warning } from '../check.ts';

export default {
  area: 'configuration',
  scope: 'all',
  summary: 'Somebody may act: `roles.respond` and `roles.recover` are not empty.',
  judge({ config }) {
    const { respond, recover } = config.discord.roles;
    const can = { respond: respond.length + recover.length > 0, recover: recover.length > 0 };
    return [
      can.respond
        ? fine('roles.respond', 'somebody may end sessions, own alerts and silence them')
        : warning('roles.respond', {
            what: 'nobody may respond: roles.respond and roles.recover are empty',
            why: 'In an incident everybody can look, and nobody can do anything.',
            mend: 'discord:\n  roles: { respond: ["<role id>"] }',
          }),
      can.recover
        ? fine('roles.recover', 'somebody may recover databases')
        : warning('roles.recover', {
            what: 'nobody may recover: roles.recover is empty',
            why: 'A database that is down then waits for whoever knows how to bring it back by hand.',
            mend: 'discord:\n  roles: { recover: ["<role id>"] }',
          }),
    ];
  },
} satisfies Check;
