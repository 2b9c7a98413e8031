/** Whether a refusal is one that granting a permission mends: a thread that somebody deleted is none. Pure. */
export function lacksPermission(refused: string): boolean {
  return /permission|missing access/i.test(refused);
}
