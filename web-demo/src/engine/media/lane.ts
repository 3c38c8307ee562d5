/** @file A few things at a time, the more urgent ones first, and among equals those that came first. */

export interface Lane {
  /** `rank`: lower goes first. */
  run<T>(rank: number, work: () => Promise<T>): Promise<T>;
}

export function createLane(width: number): Lane {
  const waiting: { readonly rank: number; readonly start: () => void }[] = [];
  let running = 0;

  const next = (): void => {
    if (running >= width) return;
    const rank = Math.min(...waiting.map((one) => one.rank));
    const at = waiting.findIndex((one) => one.rank === rank);
    const [first] = waiting.splice(at, at < 0 ? 0 : 1);
    first?.start();
  };

  return {
    run: (rank, work) =>
      new Promise((resolve, reject) => {
        waiting.push({
          rank,
          start() {
            running += 1;
            work()
              .then(resolve, reject)
              .finally(() => {
                running -= 1;
                next();
              });
          },
        });
        next();
      }),
  };
}
