/** @file One engine per origin: whoever holds the lock runs it. The browser releases it when its holder dies. */

import { EngineError } from '../engine/contract';

/**
 * Resolves once the lock is ours, with the way to give it back. Without Web Locks (older browsers) it is ours at once. Throws
 * `storage_refused`: a browser that may keep nothing for this page gives no locks either.
 */
export function holdLock(name: string, locks: LockManager | undefined = navigator.locks): Promise<() => void> {
  if (locks === undefined) return Promise.resolve(() => undefined);
  return new Promise((resolve, reject) => {
    locks
      .request(
        name,
        () =>
          new Promise<void>((release) => {
            resolve(release);
          }),
      )
      .catch((thrown: unknown) => {
        const refused = thrown instanceof DOMException && thrown.name === 'SecurityError';
        reject(refused ? new EngineError('storage_refused') : thrown);
      });
  });
}
