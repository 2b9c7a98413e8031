import { describe, expect, it } from 'vitest';
import { renderAcknowledged, renderSilenced, renderUnsilenced } from '../../src/render/alert-answers.ts';
import { renderAlertList } from '../../src/render/alert-list-message.ts';
import { COLOURS } from '../../src/render/message.ts';
import { alert, finding, NOW } from '../support/builders.ts';

const HOSTILE = '@everyone `x`';
const silence = {
  id: 's',
  about: { kind: 'application', name: HOSTILE },
  by: '42',
  at: NOW,
  until: NOW + 3_600_000,
} as const;

describe('the list of alerts', () => {
  it('says that nothing fires, calmly', () => {
    expect(renderAlertList({ firing: [], silences: [], unseen: [], at: NOW }).embed).toMatchObject({
      title: 'Nothing fires',
      colour: COLOURS.calm,
    });
  });

  it('says of each what it is, since when, who owns it and what it belongs to', () => {
    const firing = [
      alert({ acknowledged: { by: '42', at: NOW } }),
      alert({ severity: 'warning', muted: { by: 'k', mutes: 'all' }, blind: { since: NOW, reason: 'r' } }),
    ];
    const { embed } = renderAlertList({ firing, silences: [], unseen: [], at: NOW });
    expect(embed?.title).toBe('2 firing');
    expect(embed?.description?.split('\n')).toEqual([
      expect.stringMatching(/^🔴 acknowledged \*\*main\*\*: 91 of 100.*<t:\d+:R> · owned by <@42>$/),
      expect.stringMatching(/^🟠 firing .*a symptom of another · not seen any more$/),
    ]);
  });

  it('shows the silences with their ends, and hostile names harmlessly', () => {
    const firing = [alert({ finding: finding({ headline: HOSTILE }), database: HOSTILE })];
    const text = JSON.stringify(renderAlertList({ firing, silences: [silence], unseen: [], at: NOW }));
    expect(text).toContain(`is quiet until <t:${(NOW + 3_600_000) / 1_000}:f>`);
    expect(text).not.toContain('@everyone');
  });

  it('does not call calm what it does not see', () => {
    const { embed } = renderAlertList({ firing: [], silences: [], unseen: [HOSTILE], at: NOW });
    expect(embed?.colour).toBe(COLOURS.unknown);
    expect(embed?.description).toMatch(/⚠️ .*is not seen now/);
    expect(embed?.description).not.toContain('@everyone');
  });

  it('has room for two hundred', () => {
    const firing = Array.from({ length: 200 }, () => alert());
    const { embed } = renderAlertList({ firing, silences: [], unseen: [], at: NOW });
    expect(embed?.description?.length).toBeLessThan(4_096);
    expect(embed?.description).toMatch(/… and \d+ more$/);
  });
});

describe('the answers', () => {
  it('name who acknowledged, and what that means', () => {
    const { embed } = renderAcknowledged(alert({ acknowledged: { by: '42', at: NOW } }));
    expect(embed?.description).toMatch(/acknowledged by <@42>.*not posted again/);
  });

  it('name what is quiet, until when, and what of it fires', () => {
    const { embed } = renderSilenced(silence, [alert()]);
    expect(embed?.description).toMatch(/quiet until <t:.*by <@42>.*\/alert unsilence[\s\S]*91 of 100/);
    expect(renderSilenced(silence, []).embed?.description).toContain('Nothing of it fires');
    expect(JSON.stringify(embed)).not.toContain('@everyone');
  });

  it('name what is heard again', () => {
    expect(renderUnsilenced([silence], '43').embed).toMatchObject({
      title: 'Silence ended',
      description: expect.stringContaining('ended by <@43>'),
    });
  });
});
