import { printable } from './printable.ts';
import { element, escapeXml } from './svg.ts';
import { THEME } from './theme.ts';

export interface LabelStyle {
  readonly fill?: string;
  readonly size?: number;
  readonly bold?: boolean;
  readonly anchor?: 'start' | 'middle' | 'end';
  /** A line around the letters in the card's colour, for text that lies on a drawing. */
  readonly halo?: boolean;
}

/** Text with its baseline at y. Cleaned and escaped here, the one place where words enter the drawing. */
export function label(x: number, y: number, text: string, style: LabelStyle = {}): string {
  return element(
    'text',
    {
      x,
      y,
      'font-size': style.size ?? THEME.textSize,
      'font-weight': style.bold ? 'bold' : undefined,
      'text-anchor': style.anchor === 'start' ? undefined : style.anchor,
      fill: style.fill ?? THEME.text,
      stroke: style.halo ? THEME.card : undefined,
      'stroke-width': style.halo ? 6 : undefined,
      'stroke-linejoin': style.halo ? 'round' : undefined,
      'paint-order': style.halo ? 'stroke' : undefined,
    },
    escapeXml(printable(text)),
  );
}
