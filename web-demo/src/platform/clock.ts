/** @file Time and chance, injected so that tests need neither. Claims only: nothing is decided by this clock. */

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs `work` once after `ms`; returns the way to call it off. */
  after(ms: number, work: () => void): () => void;
  /** From 0 (inclusive) to 1 (exclusive), for pauses between attempts. */
  chance(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, work) {
    const timer = setTimeout(work, ms);
    return () => {
      clearTimeout(timer);
    };
  },
  chance: () => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32,
};
