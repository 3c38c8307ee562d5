/** @file Loads the WASM module, once. A failed load is forgotten, so that the next attempt may succeed. */
import { version } from '../version';
import { EngineError } from './contract';
import type { EngineModule, MediaModule } from './edge';

let loading: Promise<EngineModule> | undefined;

export function loadEngine(load: () => Promise<EngineModule> = importEngine): Promise<EngineModule> {
  loading ??= load().catch((thrown: unknown) => {
    loading = undefined;
    throw thrown;
  });
  return loading;
}

async function importEngine(): Promise<EngineModule> {
  const [bindings, url] = await Promise.all([import('../wasm/nestpost.js'), import('../wasm/nestpost_bg.wasm?url')]);
  await bindings.default({ module_or_path: url.default });
  return bindings as unknown as EngineModule;
}

/** The same module in another worker, for pictures and files. Throws `app_mixed` where it is of another version. */
export async function loadMedia(load: () => Promise<EngineModule> = loadEngine): Promise<MediaModule> {
  const module = await load();
  if (module.version() !== version) throw new EngineError('app_mixed');
  return module as EngineModule & MediaModule;
}
