/** @file What a browser has put down. */
import type { Page } from 'playwright-core';

/** Everything that a page's origin keeps, by where it stands. */
export async function storedBytes(page: Page): Promise<Map<string, Buffer>> {
  const found = await page.evaluate(async () => {
    const all: [string, string][] = [];
    const put = (key: string, bytes: Uint8Array) => {
      all.push([key, btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))]);
    };
    const bytesOf = (value: unknown): Uint8Array[] => {
      if (value instanceof ArrayBuffer) return [new Uint8Array(value)];
      if (ArrayBuffer.isView(value)) return [new Uint8Array(value.buffer, value.byteOffset, value.byteLength)];
      if (typeof value === 'string') return [new TextEncoder().encode(value)];
      return typeof value === 'object' && value !== null ? Object.values(value).flatMap(bytesOf) : [];
    };
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => {
          resolve(request.result);
        };
        request.onerror = () => {
          reject(request.error ?? new Error('no database'));
        };
      });
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await done(indexedDB.open(name));
      for (const table of database.objectStoreNames) {
        const store = database.transaction(table).objectStore(table);
        const [keys, values] = await Promise.all([done(store.getAllKeys()), done(store.getAll())]);
        keys.forEach((key, index) => {
          bytesOf(values[index]).forEach((bytes) => {
            put(
              `${name}/${table}/${bytesOf(key)
                .map((part) => part.join('.'))
                .join('/')}`,
              bytes,
            );
          });
        });
      }
      database.close();
    }
    const walk = async (folder: FileSystemDirectoryHandle, path: string): Promise<void> => {
      for await (const [name, handle] of folder.entries())
        if (handle.kind === 'directory') await walk(handle as FileSystemDirectoryHandle, `${path}${name}/`);
        else
          put(`${path}${name}`, new Uint8Array(await (await (handle as FileSystemFileHandle).getFile()).arrayBuffer()));
    };
    await walk(await navigator.storage.getDirectory(), 'files/');
    return all;
  });
  return new Map(found.map(([key, base64]) => [key, Buffer.from(base64, 'base64')]));
}
