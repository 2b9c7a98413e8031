import type { Command } from '../src/discord/command.ts';
import { renderHelp } from '../src/render/help-message.ts';

export default {
  description: 'What you may do here, and what you may not and why',
  access: 'observe',
  answer: 'private',
  run: async ({ catalogue, level }) => renderHelp(catalogue, level),
} satisfies Command;
