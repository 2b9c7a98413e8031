/** Null is an empty cell. */
export type CsvCell = string | number | null;

/** What a spreadsheet would take for the beginning of a formula (OWASP, "CSV Injection"), full-width signs too. */
const FORMULA = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;
const NEEDS_QUOTES = /[",;\t\r\n]|^\s|\s$/;
/** Spreadsheets take a file without it for one in their machine's old code page. */
const BYTE_ORDER_MARK = '\uFEFF';

/**
 * A CSV file as RFC 4180 has it: CRLF after each record, quotes where they are needed, null as an empty cell. UTF-8 with
 * a byte order mark. A text cell that a spreadsheet would run gets an apostrophe before it. Pure.
 */
export function writeCsv(header: readonly string[], rows: readonly (readonly CsvCell[])[]): Uint8Array {
  const records = [header, ...rows].map((cells) => `${cells.map(writeCell).join(',')}\r\n`);
  return new TextEncoder().encode(BYTE_ORDER_MARK + records.join(''));
}

function writeCell(value: CsvCell): string {
  if (value === null) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  const text = FORMULA.test(value) ? `'${value}` : value;
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
