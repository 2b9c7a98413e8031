const NAME = '[A-Za-z][A-Za-z0-9-]*';
const TOKEN = new RegExp(`<(/?)(${NAME})((?: ${NAME}="[^"<]*")*)(/?)>|([^<>]+)`, 'gy');
// Every & must begin one of the entities that an SVG knows.
const STRAY_AMPERSAND = /&(?!(?:amp|lt|gt|quot|apos);)/u;
// XML 1.0 §2.2: what is not tab, newline, return, or above U+001F and a sound code point.
// oxlint-disable-next-line no-control-regex
const NO_CHARACTER = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/u;

/** What keeps a document of elements, attributes and text from being well-formed XML; null when nothing does. */
export function faultInXml(document: string): string | null {
  const bad = STRAY_AMPERSAND.exec(document) ?? NO_CHARACTER.exec(document);
  if (bad) return `${JSON.stringify(bad[0])} at ${bad.index}`;
  const open: string[] = [];
  let end = 0;
  TOKEN.lastIndex = 0;
  for (let token = TOKEN.exec(document); token; token = TOKEN.exec(document)) {
    end = TOKEN.lastIndex;
    const [, closing, name, attributes = '', empty] = token;
    if (name === undefined) continue;
    const keys = [...attributes.matchAll(/ ([^=]+)="/gu)].map(([, key]) => key);
    if (new Set(keys).size < keys.length) return `<${name}> has an attribute twice`;
    if (closing && open.pop() !== name) return `</${name}> closes what is not open`;
    if (!closing && !empty) open.push(name);
  }
  if (end < document.length) return `cannot be read from ${end}: ${document.slice(end, end + 40)}`;
  return open.length > 0 ? `<${open.at(-1)}> is never closed` : null;
}
