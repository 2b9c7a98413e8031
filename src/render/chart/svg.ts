type Attributes = Readonly<Record<string, string | number | undefined>>;

/** One element. Attribute values are escaped, numbers rounded to a tenth, `undefined` left out; children are markup already. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? tenth(value) : escapeXml(String(value))}"`)
    .join('');
  const body = children.join('');
  return body === '' ? `<${name}${written}/>` : `<${name}${written}>${body}</${name}>`;
}

/** For text between tags and for attribute values. The text must be free of control characters (`printable`). */
export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');
}

/** A coordinate with one decimal at most; what is not a number becomes 0, so that the drawing stays well-formed. */
export function tenth(value: number): string {
  return Number.isFinite(value) ? String(Math.round(value * 10) / 10) : '0';
}
