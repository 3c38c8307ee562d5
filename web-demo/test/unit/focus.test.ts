/** @file Where the focus goes when what had it is gone. */
import { tick } from 'svelte';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { rememberFocus } from '../../src/ui/state/focus.svelte';

const find = (id: string) => document.getElementById(id);

beforeEach(() => {
  const main = document.createElement('main');
  main.id = 'main';
  main.tabIndex = -1;
  for (const id of ['one', 'two']) main.append(Object.assign(document.createElement('button'), { id }));
  document.body.append(main);
});
afterEach(() => {
  document.body.replaceChildren();
});

async function after(done: () => void): Promise<Element | null> {
  done();
  await tick();
  await tick();
  return document.activeElement;
}

it('comes back to what had it, or to the content where that is gone', async () => {
  find('one')?.focus();
  const regain = rememberFocus();
  find('one')?.blur();
  expect(await after(regain)).toBe(find('one'));
  const again = rememberFocus();
  find('one')?.remove();
  expect(await after(again)).toBe(find('main'));
});

it('stays where it went meanwhile', async () => {
  find('one')?.focus();
  const regain = rememberFocus();
  find('two')?.focus();
  expect(await after(regain)).toBe(find('two'));
});

it('is given to nothing where nothing had it', async () => {
  const regain = rememberFocus();
  expect(await after(regain)).toBe(document.body);
});
