/**
 * One at a time; whoever asks while one runs shares the next one, which begins after they asked. The one under way would
 * be older than their question.
 */
export function joinNext<T>(act: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | null = null;
  let next: Promise<T> | null = null;

  function start(): Promise<T> {
    const started = act().finally(() => {
      if (running === started) running = null;
    });
    running = started;
    return started;
  }

  return () => {
    if (!running) return start();
    next ??= running.then(
      () => begin(),
      () => begin(),
    );
    return next;
  };

  function begin(): Promise<T> {
    next = null;
    return start();
  }
}
