import type { Censor } from './censor.ts';
import type { ConfigDocument } from './document/read-document.ts';
import type { Fault } from './fault.ts';
import type { Finding } from './finding.ts';
import { formatPath } from './path.ts';

/** Puts findings at their lines, in file order, each with the value it is about where that may be shown. */
export function listFaults(document: ConfigDocument, findings: readonly Finding[], censor: Censor): readonly Fault[] {
  const placed = [
    ...document.faults.map(({ offset, message }) => ({ offset, path: document.places.pathAt(offset), message })),
    ...findings
      .filter((finding) => !isEcho(finding, findings) && !mayBeUnread(finding, document))
      .map((finding) => ({
        offset: document.places.offsetOf(finding.path, finding.about === 'value' ? 'value' : 'key'),
        path: finding.path,
        message: leadWithValue(finding, document, censor),
      })),
  ];
  return placed
    .toSorted((one, other) => one.offset - other.offset)
    .map(({ offset, path, message }) => {
      const { line, column } = document.position(offset);
      return { line, column, path: formatPath(path, (key) => censor.key(key)), message };
    });
}

/** That a key is unknown to the schema says nothing new where it is already said to be a secret. */
function isEcho({ about, path }: Finding, findings: readonly Finding[]): boolean {
  if (about !== 'unknown key') return false;
  const place = JSON.stringify(path);
  return findings.some((other) => other.about === 'key' && JSON.stringify(other.path) === place);
}

/** A key that seems missing behind broken YAML may well be there: the map it belongs in holds the broken place. */
function mayBeUnread({ about, path }: Finding, { faults, places }: ConfigDocument): boolean {
  if (about !== 'missing key') return false;
  const parent = places.at(path.slice(0, -1));
  const isRoot = path.length <= 1 || parent === undefined;
  return faults.some(
    ({ misleads, offset }) => misleads && (isRoot || (offset >= parent.start && offset <= parent.end)),
  );
}

function leadWithValue({ about, path, message }: Finding, { places }: ConfigDocument, censor: Censor): string {
  const place = about === 'value' ? places.at(path) : undefined;
  if (place?.source === undefined || place.source === null || place.source === '') return message;
  const quoted = censor.quote(place.source);
  if (quoted === null) return message;
  return `${place.isText ? quoted : place.source} ${message}`;
}
