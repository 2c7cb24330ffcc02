/**
 * A function that runs `work` at most once in `pauseMs`; whoever calls in between gets the result of the last run.
 * @param onFailure told of each error of `work`; the callers are not
 */
export function atMostEvery(
  pauseMs: number,
  work: () => Promise<void>,
  onFailure: (error: unknown) => void,
): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  let dueAt = -Infinity;
  return () => {
    const now = performance.now();
    if (now >= dueAt) {
      dueAt = now + pauseMs;
      last = work().catch(onFailure);
    }
    return last;
  };
}
