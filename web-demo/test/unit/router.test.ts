/** @file Addresses name places, never people. */
import { beforeEach, describe, expect, it } from 'vitest';
import { Router } from '../../src/ui/state/router.svelte';

describe('the router', () => {
  beforeEach(() => history.replaceState(null, '', '/'));

  it('writes no id into the address', () => {
    const router = new Router();
    router.go({ place: 'messages', slot: 'slot-1', view: 'thread', id: 'f00dfeed' });
    expect(router.route.id).toBe('f00dfeed');
    expect(location.href).toMatch(/#\/messages$/);
    expect(location.href).not.toContain('f00dfeed');
  });

  it('finds its place again after a reload', () => {
    new Router().go({ place: 'people', slot: 's', view: 'child', id: 'c1' });
    expect(new Router().route).toEqual({ place: 'people', slot: 's', view: 'child', id: 'c1' });
  });

  it('goes to the fallback where there is nothing to go back to', () => {
    const router = new Router();
    router.back({ place: 'more' });
    expect(router.route.place).toBe('more');
  });

  it('starts at today for an address it does not know', () => {
    history.replaceState(null, '', '/#/nowhere');
    expect(new Router().route.place).toBe('today');
  });
});
