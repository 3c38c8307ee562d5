/** @file The words of the app: complete in every language, typed as written, and none left over. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generate, messagesOf } from '../../scripts/message-ids.mjs';

const src = join(import.meta.dirname, '../../src');
const german = messagesOf('de.ftl');

function sources(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'wasm' ? [] : sources(path);
    return /\.(svelte|ts)$/.test(entry.name) && !entry.name.endsWith('.gen.ts') ? [readFileSync(path, 'utf8')] : [];
  });
}

/** Ids named in the sources, and beginnings of ids that are put together (`error-${code}`). */
function used(): { readonly ids: ReadonlySet<string>; readonly beginnings: readonly string[] } {
  const text = sources(src).join('\n');
  return {
    ids: new Set([...text.matchAll(/['"`]([a-z][a-z0-9_]*(?:-[a-z0-9_]+)*)['"`]/g)].map((match) => match[1] ?? '')),
    beginnings: [...text.matchAll(/`([a-z]+(?:-[a-z]+)*-)\$\{/g)].map((match) => match[1] ?? ''),
  };
}

describe('messages', () => {
  it('stand in English with the same variables', () => {
    expect(Object.fromEntries(messagesOf('en.ftl'))).toEqual(Object.fromEntries(german));
  });

  it('give every letter its steps in Turkish', () => {
    const steps = [...german.keys()].filter((id) => id.startsWith('letter-step'));
    expect([...messagesOf('tr.ftl').keys()].sort()).toEqual(steps.sort());
  });

  it('have the types that were generated from them', () => {
    expect(readFileSync(join(src, 'i18n/messages.gen.ts'), 'utf8')).toBe(generate());
  });

  it('are all shown somewhere', () => {
    const { ids, beginnings } = used();
    const idle = [...german.keys()].filter(
      (id) => !ids.has(id) && !beginnings.some((beginning) => id.startsWith(beginning)),
    );
    expect(idle).toEqual([]);
  });

  it('speak without exclamation marks and without the words of the machine room', () => {
    for (const file of ['de.ftl', 'en.ftl']) {
      const text = readFileSync(join(src, 'i18n', file), 'utf8')
        .split('\n')
        .filter((line) => !line.startsWith('#'))
        .map((line) => line.replace(/^[a-z][\w-]* = /, ''))
        .join('\n');
      expect(text).not.toMatch(/!/);
      expect(text).not.toMatch(/sync|server|relay|schlüssel|encrypt|epoch|token/i);
    }
  });
});
