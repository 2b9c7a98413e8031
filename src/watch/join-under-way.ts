/** Makes an act that never runs twice at once: who asks while it runs shares its outcome. */
export function joinUnderWay<T>(act: () => Promise<T>): () => Promise<T> {
  let underWay: Promise<T> | null = null;
  return () => {
    underWay ??= act().finally(() => {
      underWay = null;
    });
    return underWay;
  };
}
