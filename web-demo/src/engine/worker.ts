/**
 * @file Entry of the engine's worker: waits for the lock, loads the module, serves every page of this origin. Wires, decides nothing.
 */
import { version } from '../version';
import { systemClock } from '../platform/clock';
import { openKeyStore } from '../platform/keystore';
import { openPins } from '../platform/pins';
import { holdLock } from '../platform/lock';
import { webSocket } from '../platform/socket';
import { openSlot } from '../platform/storage';
import { EngineError, type ErrorCode } from './contract';
import { trustedScriptUrl } from '../trusted';
import { startHost } from './host';
import { loadEngine } from './load';
import mediaUrl from './media/media.worker?worker&url';
import { createMediaWorker } from './media/remote';
import { buildOf, channelName, type FromWorker, type ToEngine, type ToWorker } from './messages';
import { refusalOf } from './slot';

let serving = false;
const tell = (message: FromWorker): void => {
  self.postMessage(message);
};
/** What does not get better by trying again. */
const lasting: ReadonlySet<ErrorCode | undefined> = new Set<ErrorCode>([
  'app_mixed',
  'storage_refused',
  'storage_full',
]);
const die = (thrown?: unknown): void => {
  const code = refusalOf(thrown)?.code;
  tell({ kind: 'dead', ...(code !== undefined && lasting.has(code) ? { why: code } : {}) });
  // Closing gives the lock back; the page that started this worker starts the next.
  self.close();
};

self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === 'ping') tell({ kind: 'pong', serving });
});

async function serve(): Promise<void> {
  await holdLock(channelName);
  serving = true;
  tell({ kind: 'pong', serving });
  const module = await loadEngine();
  if (module.version() !== version) throw new EngineError('app_mixed');
  const channel = new BroadcastChannel(channelName);
  const setBadge = 'setAppBadge' in navigator ? (count: number) => navigator.setAppBadge(count) : undefined;
  const keys = openKeyStore(systemClock.now);
  const starting = startHost(
    {
      clock: systemClock,
      connect: webSocket,
      origin: self.location.origin,
      keys,
      pins: openPins(keys),
      openSlot,
      media: createMediaWorker({
        clock: systemClock,
        spawn: () => new Worker(trustedScriptUrl(mediaUrl), { type: 'module', name: 'media' }),
      }),
      connected: () => navigator.onLine,
      post: (message) => {
        channel.postMessage(message);
      },
      fatal: die,
      room: async () => {
        const { quota, usage = 0 } = await navigator.storage.estimate();
        return quota === undefined ? undefined : quota - usage;
      },
      badge: (count) => void setBadge?.(count).catch(() => undefined),
      build: buildOf(self.location.pathname),
      newId: () => crypto.randomUUID().replaceAll('-', '').slice(0, 16),
    },
    module,
  );
  // Early calls wait until the houses are loaded, in order; a failed start is reported below.
  channel.addEventListener(
    'message',
    ({ data }: MessageEvent<ToEngine>) =>
      void starting.then(
        (host) => host.receive(data),
        () => undefined,
      ),
  );
  await starting;
}

serve().catch(die);
