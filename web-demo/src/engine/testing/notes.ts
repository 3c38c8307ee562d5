/** @file Notes of the media worker in memory. */
import type { Notes } from '../../platform/notes';

export function fakeNotes(): Notes & { readonly map: Map<string, number> } {
  const map = new Map<string, number>();
  return {
    map,
    all: () => Promise.resolve(new Map(map)),
    get: (name) => Promise.resolve(map.get(name) ?? 0),
    put: (name, value) => Promise.resolve(void map.set(name, value)),
    remove: (name) => Promise.resolve(void map.delete(name)),
    removeUnder: (prefix) =>
      Promise.resolve([...map.keys()].filter((name) => name.startsWith(prefix)).forEach((name) => map.delete(name))),
  };
}
