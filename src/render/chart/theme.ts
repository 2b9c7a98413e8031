/**
 * The chart brings its own opaque dark card: in Discord's dark theme (#313338) it sits like an embed, in the light one
 * (#ffffff) it keeps every contrast that was checked for it. Sizes are for 1100 px, which Discord shows 400 to 550 px
 * wide: 28 px of text are 10 to 14 px on the screen.
 */
export const THEME = {
  width: 1100,
  height: 640,
  margin: 32,
  font: 'DejaVu Sans Condensed',
  card: '#1b1d23',
  grid: '#31343d',
  baseline: '#565b68',
  text: '#f2f3f5',
  muted: '#a9afbb',
  limit: '#d5d9e0',
  alarm: '#ff6b6b',
  others: '#747b8a',
  titleSize: 36,
  textSize: 28,
  numberSize: 76,
} as const;
