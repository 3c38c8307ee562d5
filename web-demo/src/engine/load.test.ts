import { expect, it, vi } from 'vitest';
import type { EngineModule } from './edge';

it('loads once, and again after a failure', async () => {
  vi.resetModules();
  const { loadEngine } = await import('./load');
  const module = { version: () => '1' } as EngineModule;
  const load = vi
    .fn<() => Promise<EngineModule>>()
    .mockRejectedValueOnce(new Error('no network'))
    .mockResolvedValue(module);
  await expect(loadEngine(load)).rejects.toThrow('no network');
  const [first, second] = await Promise.all([loadEngine(load), loadEngine(load)]);
  expect(first).toBe(module);
  expect(second).toBe(module);
  expect(load).toHaveBeenCalledTimes(2);
});
