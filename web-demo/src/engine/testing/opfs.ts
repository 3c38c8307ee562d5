/** @file A folder as `navigator.storage.getDirectory()` gives it, in memory, that a test can fill up, hold or take away. */

type Entry = FakeFile | Map<string, Entry>;

class FakeFile {
  bytes = new Uint8Array();
  held = false;
}

/** What befalls the device. */
export interface Device {
  /** Bytes that still fit. */
  room: number;
  /** How often a file is still held by somebody when it is opened for writing. */
  holds: number;
  /** Whether there are sync access handles. */
  sync: boolean;
  flushed: number;
}

const domError = (name: string) => new DOMException(name, name);

/** Whether somebody writes it, or something in it. */
function isHeld(entry: Entry | undefined): boolean {
  return entry instanceof Map ? [...entry.values()].some(isHeld) : (entry?.held ?? false);
}

export function fakeOpfs() {
  const device: Device = { room: Number.POSITIVE_INFINITY, holds: 0, sync: true, flushed: 0 };
  const top = new Map<string, Entry>();

  const take = (bytes: number): void => {
    if (bytes > device.room) throw domError('QuotaExceededError');
    device.room -= bytes;
  };
  const put = (file: FakeFile, bytes: Uint8Array, at: number): void => {
    const grown = new Uint8Array(Math.max(file.bytes.length, at + bytes.length));
    grown.set(file.bytes);
    grown.set(bytes, at);
    file.bytes = grown;
  };
  const fileHandle = (file: FakeFile) => ({
    kind: 'file',
    getFile: () => Promise.resolve(new File([file.bytes as Uint8Array<ArrayBuffer>], '')),
    createWritable: () => {
      let written = new Uint8Array();
      return Promise.resolve({
        write(bytes: Uint8Array) {
          take(bytes.length);
          const longer = new Uint8Array(written.length + bytes.length);
          longer.set(written);
          longer.set(bytes, written.length);
          written = longer;
          return Promise.resolve();
        },
        close() {
          file.bytes = written;
          return Promise.resolve();
        },
        abort: () => Promise.resolve(),
      });
    },
    ...(device.sync
      ? {
          createSyncAccessHandle: () => {
            if (file.held || device.holds-- > 0) return Promise.reject(domError('NoModificationAllowedError'));
            device.holds = 0;
            file.held = true;
            return Promise.resolve({
              truncate(length: number) {
                file.bytes = file.bytes.slice(0, length);
              },
              write(bytes: Uint8Array, { at }: { at: number }) {
                take(bytes.length);
                put(file, bytes, at);
                return bytes.length;
              },
              flush: () => void (device.flushed += 1),
              close: () => void (file.held = false),
            });
          },
        }
      : {}),
  });
  const folderHandle = (entries: Map<string, Entry>): unknown => {
    const get = <T extends Entry>(name: string, create: boolean | undefined, make: () => T): T => {
      if (!entries.has(name)) {
        if (!create) throw domError('NotFoundError');
        entries.set(name, make());
      }
      return entries.get(name) as T;
    };
    return {
      kind: 'directory',
      getDirectoryHandle: (name: string, options?: { create?: boolean }) =>
        Promise.resolve().then(() => folderHandle(get(name, options?.create, () => new Map<string, Entry>()))),
      getFileHandle: (name: string, options?: { create?: boolean }) =>
        Promise.resolve().then(() => fileHandle(get(name, options?.create, () => new FakeFile()))),
      removeEntry: (name: string) =>
        Promise.resolve().then(() => {
          if (isHeld(entries.get(name))) throw domError('NoModificationAllowedError');
          if (!entries.delete(name)) throw domError('NotFoundError');
        }),
      async *entries() {
        for (const [name, entry] of [...entries])
          yield [name, entry instanceof FakeFile ? fileHandle(entry) : folderHandle(entry)];
      },
    };
  };
  return {
    device,
    root: () => Promise.resolve(folderHandle(top) as FileSystemDirectoryHandle),
    /** Every file's path, in order. */
    paths(): string[] {
      const walk = (entries: Map<string, Entry>, path: string): string[] =>
        [...entries].flatMap(([name, entry]) =>
          entry instanceof FakeFile ? [`${path}${name}`] : walk(entry, `${path}${name}/`),
        );
      return walk(top, '').sort();
    },
    /** Changes a file behind everybody's back. */
    damage(path: string, change: (bytes: Uint8Array) => Uint8Array): void {
      let entry: Entry | undefined = top;
      for (const name of path.split('/')) entry = entry instanceof Map ? entry.get(name) : undefined;
      if (!(entry instanceof FakeFile)) throw new Error(`no file at ${path}`);
      entry.bytes = new Uint8Array(change(entry.bytes));
    },
  };
}
