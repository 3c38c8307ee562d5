/** @file The built WASM module itself (`cargo xtask wasm`), driven without a browser: what crosses the edge keeps its shape. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import * as bindings from '../wasm/nestpost.js';
import { version } from '../version';
import type { EngineModule, Output, Row } from './edge';
import { followCode } from './typo';

const module = bindings as unknown as EngineModule;
const origin = 'http://localhost:8787';
const names = { houseName: 'Kita Spatzennest', directorName: 'Sabine Kehl', helpLine: '030 1234', notice: 'Hinweis' };
const now = 1_795_543_200_000;

beforeAll(() => {
  bindings.initSync({ module: readFileSync(resolve(import.meta.dirname, '../wasm/nestpost_bg.wasm')) });
});

function rowsOf(outputs: readonly Output[]): Row[] {
  return outputs
    .flatMap((output) => (output.type === 'store' ? output.writes : []))
    .flatMap(({ table, key, value }) => (value === null ? [] : [{ table, key, value }]));
}
function codeOf(work: () => unknown): unknown {
  try {
    work();
    return 'nothing was thrown';
  } catch (thrown) {
    return (thrown as { code?: unknown }).code;
  }
}

describe('the module', () => {
  it('founds a house, stores it first, and opens it again from its rows', () => {
    const secrets = module.newSecrets();
    expect([secrets.seed, secrets.local].map((bytes) => [bytes instanceof Uint8Array, bytes.length])).toEqual([
      [true, 32],
      [true, 32],
    ]);
    const engine = module.Engine.found(origin, secrets, names);
    const outputs = engine.handle(now, 'tick');
    expect(outputs.at(-1)?.type).toBe('idle');
    const rows = rowsOf(outputs);
    expect(rows.map((row) => row.table)).toEqual(['meta']);
    expect(new TextDecoder().decode(rows[0]?.value)).toMatch(/^age-encryption.org\/v1\n-> scrypt \S+ 1\n/);
    expect(engine.summary()).toMatchObject({
      name: names.houseName,
      stage: 'joining',
      waiting: expect.any(Number) as number,
    });

    const again = module.Engine.open(origin, secrets, rows);
    expect(again.summary().name).toBe(names.houseName);
    expect(codeOf(() => module.Engine.open(origin, module.newSecrets(), rows))).toBe('internal');
    engine.free();
    again.free();
  });

  it('seals secrets under a PIN as a stock age file, and opens them with that PIN on that tablet alone', () => {
    const [secrets, tablet] = [module.newSecrets(), new Uint8Array(32).fill(9)];
    expect([module.isPinFit('493827'), module.isPinFit('123456'), module.isPinFit('49382')]).toEqual([
      true,
      false,
      false,
    ]);
    const file = module.sealPin(secrets, '493827', tablet);
    expect(new TextDecoder().decode(file)).toMatch(/^age-encryption.org\/v1\n-> scrypt \S+ 15\n/);
    expect(module.openPin(file, '493827', tablet)).toEqual(secrets);
    expect(module.openPin(file, '493828', tablet)).toBeUndefined();
    expect(module.openPin(file, '493827', new Uint8Array(32))).toBeUndefined();
  });

  it('throws codes', () => {
    const secrets = module.newSecrets();
    expect(codeOf(() => module.Engine.found(origin, secrets, { ...names, houseName: '' }))).toBe('empty');
    expect(codeOf(() => module.Engine.found(origin, secrets, {} as typeof names))).toBe('app_mixed');
    expect(codeOf(() => new module.Door(origin, 'K7QX'))).toBe('code_mistyped');
    const engine = module.Engine.found(origin, secrets, names);
    expect(codeOf(() => engine.query(now, { thread: { id: '00' } }))).toBe('not_allowed');
    expect(codeOf(() => engine.handle(now, 'nonsense' as never))).toBe('app_mixed');
    // Nothing of this has hurt it.
    expect(engine.handle(now, 'tick').at(-1)?.type).toBe('idle');
    engine.free();
  });

  it('follows a code while it is typed', () => {
    expect([module.checkCode('k7qx-9m'), module.checkCode('K7QX-U')]).toEqual(['partial', 'mistyped']);
  });

  it('names the group of a slip, whichever character it is', () => {
    const printed = 'B9D5-MPJT-B9D5-MPJT-B9D5-MPJT-B8G1';
    expect(followCode(module.checkCode, printed)).toEqual({ state: 'complete' });
    let told = 0;
    for (let place = 0; place < printed.length; place++) {
      if (printed[place] === '-') continue;
      const wrong = printed.slice(0, place) + (printed[place] === 'K' ? 'X' : 'K') + printed.slice(place + 1);
      const check = followCode(module.checkCode, wrong);
      if (check.state !== 'mistyped') throw new Error(`nobody notices the slip at ${place}`);
      if (check.groups.length === 0) continue;
      expect(check.groups).toContain(Math.floor(place / 5) + 1);
      told += 1;
    }
    expect(told).toBeGreaterThan(20);
  });

  it('names the tables of its storage', () => {
    expect(module.tables()).toContain('outbox');
    // Another one would not be served: app and module belong together.
    expect(module.version()).toBe(version);
  });
});
