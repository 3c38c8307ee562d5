/**
 * @file Vite plugin: writes `licences.txt` with the licence of every package that is part of the app. A package whose licence text
 * is missing stops the build.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly dependencies?: Record<string, string>;
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** Folder of a dependency as Node resolves it from `from`. */
function folderOf(root: string, from: string, name: string): string {
  for (let folder = from; folder.length >= root.length; folder = join(folder, '..')) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(candidate)) return candidate;
  }
  throw new Error(`${name} is not installed`);
}

function licenceText(folder: string): string | undefined {
  const file = readdirSync(folder).find((name) => /^(licen[cs]e|copying)/i.test(name));
  return file && readFileSync(join(folder, file), 'utf8').trim();
}

/** The notices as one text, packages in alphabetical order. `extra` are packages compiled into the app although they are no runtime dependency. */
export function notices(root: string, extra: readonly string[]): string {
  const found = new Map<string, string>();
  const visit = (folder: string, names: readonly string[]) => {
    for (const name of names) {
      const place = folderOf(root, folder, name);
      const manifest = manifestOf(place);
      if (found.has(manifest.name)) continue;
      const text = licenceText(place) ?? manifest.license;
      if (!text) throw new Error(`${name} names no licence`);
      found.set(manifest.name, `${manifest.name} ${manifest.version} (${manifest.license ?? 'see text'})\n\n${text}\n`);
      visit(place, Object.keys(manifest.dependencies ?? {}));
    }
  };
  visit(root, Object.keys(manifestOf(root).dependencies ?? {}));
  for (const name of extra) {
    const place = folderOf(root, root, name);
    const manifest = manifestOf(place);
    found.set(name, `${manifest.name} ${manifest.version} (${manifest.license ?? 'see text'})\n\n${licenceText(place) ?? manifest.license ?? ''}\n`);
  }
  return [...found.keys()]
    .sort()
    .map((name) => found.get(name))
    .join(`\n${'-'.repeat(100)}\n\n`);
}

export function licences(root: string): Plugin {
  return {
    name: 'nestpost-licences',
    apply: 'build',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'licences.txt', source: notices(root, ['svelte']) });
    },
  };
}
