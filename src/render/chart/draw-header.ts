import { cutToWidth, textWidth } from './fit-text.ts';
import type { Headline } from './headline.ts';
import { label } from './label.ts';
import { printable } from './printable.ts';
import { THEME } from './theme.ts';

export interface Header {
  readonly title: string;
  /** In order of preference: the first that fits is drawn. */
  readonly subtitles: readonly [string, ...string[]];
  readonly headline: Headline;
}

const TONES = { calm: THEME.text, alarm: THEME.alarm, stale: THEME.muted } as const;

/** Title and time on the left, the current number on the right. */
export function drawHeader({ title, subtitles, headline: { number, caption, tone } }: Header): string {
  const right = THEME.width - THEME.margin;
  const numberRight = right - textWidth(caption, THEME.textSize) - (caption === '' ? 0 : 14);
  const room = numberRight - textWidth(number, THEME.numberSize, true) - THEME.margin - 30;
  const bold = true;
  const subtitle = subtitles.find((text) => textWidth(text, THEME.textSize) <= room) ?? subtitles.at(-1) ?? '';
  return (
    label(THEME.margin, 56, cutToWidth(printable(title), room, THEME.titleSize, bold), {
      size: THEME.titleSize,
      bold,
    }) +
    label(THEME.margin, 96, cutToWidth(subtitle, room, THEME.textSize), { fill: THEME.muted }) +
    (number && label(numberRight, 92, number, { size: THEME.numberSize, bold, anchor: 'end', fill: TONES[tone] })) +
    (caption && label(right, 92, caption, { anchor: 'end', fill: THEME.muted }))
  );
}
