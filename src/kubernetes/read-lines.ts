import { StringDecoder } from 'node:string_decoder';
import { ApiError } from './api-error.ts';

/** An object of the API is at most some 3 MiB (README of the golden answers, 5). */
const LONGEST_LINE = 16 * 1_024 * 1_024;

/** Hands over each line of a watch as it comes. Not node:readline: that takes U+2028 for the end of a line. */
export async function readLines(body: AsyncIterable<Buffer>, onLine: (line: string) => void): Promise<void> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of body) {
    const text = decoder.write(chunk);
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      const line = rest + text.slice(from, end);
      rest = '';
      from = end + 1;
      if (line !== '') onLine(line);
    }
    rest += text.slice(from);
    if (rest.length > LONGEST_LINE) throw new ApiError('failed', 'The API server sent an event of more than 16 MiB.');
  }
}
