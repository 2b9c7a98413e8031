import type { Answer } from '../../src/discord/command.ts';
import type { KillPreview } from '../../src/model/kill-plan.ts';
import type { KillStale } from '../../src/operations/kill-stale.ts';
import { renderKillExpired } from '../../src/render/kill-stale-ended.ts';
import { renderKillPreview } from '../../src/render/kill-stale-preview.ts';

/** A preview turns into "expired" by itself; one that everybody sees does so after a restart too. */
export function showKillPreview(preview: KillPreview, killStale: KillStale): Answer {
  const message = renderKillPreview(preview);
  if (preview.kind !== 'ready') return { message };
  const { id, until } = preview.confirmation;
  return {
    message,
    shown({ visibility, ...place }) {
      if (visibility === 'public') killStale.standsAt(id, place);
    },
    later: {
      at: until,
      becomes() {
        const expired = killStale.findExpired(id);
        return expired && renderKillExpired(expired);
      },
      shown: () => killStale.told(id),
    },
  };
}
