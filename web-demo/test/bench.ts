/** @file A page that times the WASM module alone, in the way its engine's worker would use it. */
import { loadEngine } from '../src/engine/load';
import type { Row } from '../src/engine/edge';

/** A device as the core's benchmarks wrote it down, bytes in base64. */
export interface StoredDevice {
  readonly seed: string;
  readonly local: string;
  /** Table, key, value. */
  readonly rows: readonly (readonly [string, string, string])[];
}

declare global {
  interface Window {
    /** Milliseconds until an engine stands that was built from these rows. */
    openEngine: (device: StoredDevice) => Promise<number>;
  }
}

const bytes = (text: string): Uint8Array => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));

window.openEngine = async ({ seed, local, rows }) => {
  const { Engine } = await loadEngine();
  const given: Row[] = rows.map(([table, key, value]) => ({ table, key: bytes(key), value: bytes(value) }));
  const secrets = { seed: bytes(seed), local: bytes(local) };
  const started = performance.now();
  const engine = Engine.open(location.origin, secrets, given);
  const took = performance.now() - started;
  engine.free();
  return took;
};
