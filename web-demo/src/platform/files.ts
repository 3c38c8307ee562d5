/**
 * @file Files that this origin keeps for itself (OPFS): one folder per slot with sealed originals and sealed blobs. Written
 * through sync access handles, which Safari has too, elsewhere through a writable stream; a file counts once it was flushed. Runs in
 * a worker. A browser that keeps nothing (a private window) has no such folder: everything here throws `storage_refused` then.
 */
import { EngineError } from '../engine/contract';
import { systemClock } from './clock';

/** `original`: as chosen, by the id of its transfer. `blob`: ready for the relay or from there, by its blob id. */
export type Folder = 'original' | 'blob';

/** A file that is being written. Nobody reads it before `keep` has resolved. */
export interface Sink {
  write(bytes: Uint8Array): Promise<void>;
  /** On the device now. */
  keep(): Promise<void>;
  /** Away with what was written. */
  drop(): Promise<void>;
}

/** Throws `EngineError`: `storage_full` or `storage_refused`. */
export interface Files {
  /** Begins a file anew, in place of one of the same name. */
  create(slot: string, folder: Folder, name: string): Promise<Sink>;
  /** Its bytes, not yet read; `undefined` where there is none. */
  read(slot: string, folder: Folder, name: string): Promise<Blob | undefined>;
  remove(slot: string, folder: Folder, name: string): Promise<void>;
  /** Lengths by name. */
  list(slot: string, folder: Folder): Promise<ReadonlyMap<string, number>>;
  /** Slots that have a folder. */
  slots(): Promise<readonly string[]>;
  removeSlot(slot: string): Promise<void>;
  /** What the browser says it has room for, bytes; a guess. One that does not say is taken to have room. */
  room(): Promise<Room>;
}

export interface Room {
  readonly free: number;
  readonly quota: number;
}

/** What is needed of `navigator.storage`. */
export interface FilesDep {
  readonly root: () => Promise<FileSystemDirectoryHandle>;
  readonly estimate: () => Promise<StorageEstimate>;
  /** Lets a moment pass: a worker that was just ended may still hold a file. */
  readonly pause: () => Promise<void>;
}

/** How often a file is asked for that somebody still holds. */
const holdTriesMax = 30;
const holdPauseMs = 100;

export const browserFiles: FilesDep = {
  root: () => navigator.storage.getDirectory(),
  // Older Safari has none.
  estimate: async () => navigator.storage.estimate(),
  pause: () =>
    new Promise((resolve) => {
      systemClock.after(holdPauseMs, resolve);
    }),
};

export function openFiles(dep: FilesDep = browserFiles): Files {
  const folderOf = async (slot: string, folder: Folder): Promise<FileSystemDirectoryHandle> => {
    const own = await (await dep.root()).getDirectoryHandle(slot, { create: true });
    return own.getDirectoryHandle(folder, { create: true });
  };
  /** Runs `work`; what is not there is `undefined`, everything else an `EngineError`. */
  const attempt = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (thrown) {
      if (isNamed(thrown, 'NotFoundError')) return undefined;
      throw refusal(thrown);
    }
  };
  const existing = async (slot: string, folder: Folder): Promise<FileSystemDirectoryHandle> =>
    (await (await dep.root()).getDirectoryHandle(slot)).getDirectoryHandle(folder);
  const remove = async (slot: string, folder: Folder, name: string): Promise<void> => {
    await attempt(async () => (await existing(slot, folder)).removeEntry(name));
  };

  return {
    async create(slot, folder, name) {
      const made = await attempt(async () => {
        const handle = await (await folderOf(slot, folder)).getFileHandle(name, { create: true });
        return 'createSyncAccessHandle' in handle ? openSync(handle, dep.pause) : openStream(handle);
      });
      if (!made) throw new EngineError('storage_refused');
      const dropped = async (): Promise<void> => {
        await made.close(false).catch(() => undefined);
        await remove(slot, folder, name);
      };
      const orDrop = async (work: () => Promise<void>): Promise<void> => {
        try {
          await work();
        } catch (thrown) {
          // A file cut short is worse than none.
          await dropped().catch(() => undefined);
          throw refusal(thrown);
        }
      };
      return {
        write: (bytes) => orDrop(() => made.write(bytes)),
        keep: () => orDrop(() => made.close(true)),
        drop: dropped,
      };
    },
    read: (slot, folder, name) =>
      attempt(async () => (await (await existing(slot, folder)).getFileHandle(name)).getFile()),
    remove,
    async list(slot, folder) {
      const lengths = new Map<string, number>();
      await attempt(async () => {
        for await (const [name, handle] of (await existing(slot, folder)).entries())
          if (handle.kind === 'file') lengths.set(name, (await (handle as FileSystemFileHandle).getFile()).size);
      });
      return lengths;
    },
    async slots() {
      const names: string[] = [];
      await attempt(async () => {
        for await (const [name, handle] of (await dep.root()).entries())
          if (handle.kind === 'directory') names.push(name);
      });
      return names;
    },
    async removeSlot(slot) {
      // A file that is still being written is soon closed.
      await attempt(() => held(async () => (await dep.root()).removeEntry(slot, { recursive: true }), dep.pause));
    },
    async room() {
      const { quota, usage = 0 } = await dep.estimate().catch((): StorageEstimate => ({}));
      return quota === undefined
        ? { free: Number.POSITIVE_INFINITY, quota: Number.POSITIVE_INFINITY }
        : { free: Math.max(0, quota - usage), quota };
    },
  };
}

/** One way of writing. */
interface Pen {
  write(bytes: Uint8Array): Promise<void>;
  close(keep: boolean): Promise<void>;
}

async function openSync(handle: FileSystemFileHandle, pause: () => Promise<void>): Promise<Pen> {
  const access = await held(() => handle.createSyncAccessHandle(), pause);
  let at = 0;
  // Older Safari answers some of these with promises.
  await access.truncate(0);
  return {
    write(bytes) {
      const written = access.write(bytes as Uint8Array<ArrayBuffer>, { at });
      at += written;
      return written === bytes.length
        ? Promise.resolve()
        : Promise.reject(new DOMException('written in part', 'QuotaExceededError'));
    },
    async close(keep) {
      try {
        if (keep) await access.flush();
      } finally {
        await access.close();
      }
    },
  };
}

async function held<T>(open: () => Promise<T>, pause: () => Promise<void>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await open();
    } catch (thrown) {
      if (!isNamed(thrown, 'NoModificationAllowedError') || tries >= holdTriesMax) throw thrown;
      await pause();
    }
  }
}

async function openStream(handle: FileSystemFileHandle): Promise<Pen> {
  const stream = await handle.createWritable();
  return {
    write: (bytes) => stream.write(bytes as Uint8Array<ArrayBuffer>),
    close: (keep) => (keep ? stream.close() : stream.abort()),
  };
}

function isNamed(thrown: unknown, name: string): boolean {
  return thrown instanceof Error && thrown.name === name;
}

function refusal(thrown: unknown): EngineError {
  if (thrown instanceof EngineError) return thrown;
  return new EngineError(isNamed(thrown, 'QuotaExceededError') ? 'storage_full' : 'storage_refused');
}
