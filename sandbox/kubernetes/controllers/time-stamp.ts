/** RFC 3339 in whole seconds, as the API's times are. */
export function timeStamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
