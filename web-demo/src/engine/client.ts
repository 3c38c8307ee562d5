/**
 * @file The page's side of the engine: implements `EngineClient` over the worker that serves this origin, whichever tab started it.
 */
import { systemClock, type Clock } from '../platform/clock';
import { trustedScriptUrl } from '../trusted';
import type {
  CodeCheck,
  EngineClient,
  ErrorCode,
  House,
  InviteGreeting,
  RecoverySheet,
  Regained,
  Taken,
  Unfolded,
} from './contract';
import { EngineError } from './contract';
import {
  buildOf,
  channelName,
  createCaller,
  type Call,
  type Channel,
  type FromEngine,
  type Result,
  type ToEngine,
} from './messages';
import { supervise, type WorkerLike } from './supervisor';
import workerUrl from './worker?worker&url';

/** While answers are awaited, the serving worker is asked this often whether it is there. */
const helloMs = 2_000;
/** Nobody has said anything for this long: another tab holds the lock and is frozen, or nothing runs at all. */
const silenceMaxMs = 12_000;
const idBytes = 16;

export interface ClientDep {
  readonly clock: Clock;
  readonly channel: Channel;
  readonly spawn: () => WorkerLike;
  readonly page: string;
  /** Of which build this page is; a worker of another tab may be of another. */
  readonly build: string;
  readonly visible: () => boolean;
  /** Asks the browser not to throw this origin's storage away; it may say no. */
  readonly persist: () => void;
}

/** Resolves when the houses of this device are known. Throws `EngineError`: `other_tab` or `internal`. */
export async function createEngineClient(): Promise<EngineClient> {
  const client = await connectEngine({
    clock: systemClock,
    channel: new BroadcastChannel(channelName),
    spawn: () => new Worker(trustedScriptUrl(workerUrl), { type: 'module', name: 'engine' }),
    page: crypto.randomUUID(),
    build: buildOf(workerUrl),
    visible: () => document.visibilityState === 'visible',
    persist: () => void navigator.storage?.persist?.().catch(() => false),
  });
  watchWaking(client.wake);
  return client;
}

/** Tells when the device or its network comes back, and how long the page slept. */
function watchWaking(wake: (sleptMs: number) => void): void {
  let hiddenAt: number | undefined;
  const woke = (): void => {
    wake(hiddenAt === undefined ? 0 : Date.now() - hiddenAt);
    hiddenAt = undefined;
  };
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') woke();
    else hiddenAt = Date.now();
  });
  window.addEventListener('online', woke);
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) woke();
  });
}

export async function connectEngine(dep: ClientDep): Promise<EngineClient & { wake(sleptMs: number): void }> {
  const housesListeners = new Set<(houses: readonly House[]) => void>();
  const changedListeners = new Set<(slot: string) => void>();
  const caller = createCaller(dep.channel, dep.page);
  let houses: readonly House[] = [];
  let server: string | undefined;
  let serverBuild = dep.build;
  let heardAt = dep.clock.now();
  let waitsSince = heardAt;
  let givenUp = false;
  let ready: { resolve: () => void; reject: (error: EngineError) => void } | undefined;

  const supervisor = supervise({
    clock: dep.clock,
    spawn: dep.spawn,
    visible: dep.visible,
    givenUp(why) {
      givenUp = true;
      fail(why);
    },
  });
  const post = (message: ToEngine): void => {
    dep.channel.postMessage(message);
  };
  const fail = (code: ErrorCode): void => {
    caller.fail(code);
    ready?.reject(new EngineError(code));
  };

  /** Between two builds a fault has its likely reason. */
  const isMixed = (result: Result): boolean =>
    serverBuild !== dep.build && 'error' in result && result.error === 'internal';

  const take = (message: FromEngine | ToEngine): void => {
    switch (message.kind) {
      case 'state':
        heardAt = dep.clock.now();
        serverBuild = message.build;
        if (server !== message.server) {
          const takenOver = server !== undefined;
          server = message.server;
          if (takenOver) {
            caller.takeOver(message.server);
            for (const house of message.houses) for (const listener of changedListeners) listener(house.slot);
          }
        }
        houses = message.houses;
        ready?.resolve();
        for (const listener of housesListeners) listener(houses);
        break;
      case 'changed':
        heardAt = dep.clock.now();
        for (const listener of changedListeners) listener(message.slot);
        break;
      case 'got':
        caller.got(message);
        break;
      case 'progress':
        heardAt = dep.clock.now();
        caller.progress(message);
        break;
      case 'reply':
        heardAt = dep.clock.now();
        caller.reply(isMixed(message.result) ? { ...message, result: { error: 'app_mixed' } } : message);
        break;
      case 'call':
      case 'hello':
      case 'wake':
        // From another page to the worker.
        break;
      default:
        message satisfies never;
    }
  };
  dep.channel.addEventListener('message', (event) => {
    take((event as MessageEvent<FromEngine | ToEngine>).data);
  });

  const look = (): void => {
    const waits = ready !== undefined || caller.pending() > 0;
    const now = dep.clock.now();
    if (!waits || !dep.visible()) waitsSince = now;
    else {
      post({ kind: 'hello' });
      // Our own worker's silence is the supervisor's business; one that replaced it has to load first.
      const quietSince = Math.max(heardAt, waitsSince, supervisor.startedAt());
      if (now - quietSince > silenceMaxMs && !supervisor.serving()) fail('other_tab');
    }
    dep.clock.after(helloMs, look);
  };
  dep.clock.after(helloMs, look);

  const call = <T>(wanted: Call, onProgress?: (done: number) => void): Promise<T> => {
    if (givenUp) {
      givenUp = false;
      supervisor.restart();
    }
    return caller.call(wanted, onProgress) as Promise<T>;
  };

  await new Promise<void>((resolve, reject) => {
    ready = { resolve, reject };
    post({ kind: 'hello' });
  });
  ready = undefined;

  return {
    houses: () => houses,
    onHouses(listener) {
      housesListeners.add(listener);
      return () => housesListeners.delete(listener);
    },
    onChanged(listener) {
      changedListeners.add(listener);
      return () => changedListeners.delete(listener);
    },
    query: (slot, name, args) => call({ method: 'query', slot, query: { name, args } }),
    command: (slot, name, args) => call({ method: 'command', slot, command: { name, args } }),
    async found(args) {
      const founded = await call<{ slot: string; sheet: RecoverySheet }>({ method: 'found', args });
      dep.persist();
      return founded;
    },
    openInvite: (code) => call<InviteGreeting>({ method: 'open_invite', code }),
    checkCode: (code) => call<CodeCheck>({ method: 'check_code', code }),
    async join(code) {
      const joined = await call<{ slot: string }>({ method: 'join', code });
      dep.persist();
      return joined;
    },
    writeOutside: (link, words) => call<undefined>({ method: 'write_outside', link, words }),
    unfoldSheet: (house, code) => call<Unfolded>({ method: 'unfold_sheet', house, code }),
    async recover(house, code, person, endOthers) {
      const recovered = await call<Regained>({
        method: 'recover',
        house,
        code,
        person,
        endOthers,
      });
      dep.persist();
      return recovered;
    },
    replaceSheet: (house, code, next) =>
      call<{ oldStillValid: boolean }>({ method: 'replace_sheet', house, code, next }),
    newSet: newId,
    addMedia(slot, to, set, files, onProgress) {
      const offered = files.map(({ file, kind, alt }) => ({ id: newId(), kind, alt, file }));
      return call<Taken>({ method: 'add_media', slot, offer: { to, set, files: offered } }, onProgress);
    },
    picture: (slot, id, size) => call<Blob>({ method: 'picture', slot, id, size }),
    file: (slot, id) => call<Blob>({ method: 'file', slot, id }),
    async joinPin(slot, code, person, pin) {
      const joined = await call<{ slot: string }>({ method: 'join_pin', slot, code, person, pin });
      dep.persist();
      return joined;
    },
    unlock: (slot, person, pin) => call<{ slot: string }>({ method: 'unlock', slot, person, pin }),
    lock: (slot) => call<undefined>({ method: 'lock', slot }),
    touch: (slot) => call<undefined>({ method: 'touch', slot }),
    setPin: (slot, person, pin) => call<undefined>({ method: 'set_pin', slot, person, pin }),
    forget: (slot) => call<undefined>({ method: 'forget', slot }),
    wake(sleptMs) {
      post({ kind: 'wake', sleptMs });
    },
  };
}

/** A random id as the engine has them, in hex. */
function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(idBytes))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}
