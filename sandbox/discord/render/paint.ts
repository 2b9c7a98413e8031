/** ANSI styles, or none of them. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  /** The bar left of an embed, in its colour. */
  bar(colour: number): string;
  /** By Discord's button styles: 1 primary, 2 secondary, 3 success, 4 danger. */
  button(text: string, style: number): string;
}

const BUTTON_COLOURS: Readonly<Record<number, string>> = { 1: '34', 2: '37', 3: '32', 4: '31' };
const GREY = 0x4f545c;

export function paint(colour: boolean): Paint {
  const sgr = (codes: string, text: string): string => (colour ? `\u001B[${codes}m${text}\u001B[0m` : text);
  return {
    bold: (text) => sgr('1', text),
    dim: (text) => sgr('2', text),
    bar(given) {
      const rgb = given === 0 ? GREY : given;
      return sgr(`38;2;${(rgb >> 16) & 255};${(rgb >> 8) & 255};${rgb & 255}`, '▌');
    },
    button: (text, style) => sgr(BUTTON_COLOURS[style] ?? '37', text),
  };
}
