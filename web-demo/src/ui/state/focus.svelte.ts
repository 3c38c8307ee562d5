/**
 * @file Where the focus goes when what had it is gone, so that whoever uses the keyboard goes on where they were: after a step back to
 * what led there, and after something that was being done to what did it.
 */
import { tick } from 'svelte';
import type { Router } from './router.svelte';

function isLost(): boolean {
  const { activeElement } = document;
  return !activeElement || activeElement === document.body || !activeElement.checkVisibility();
}

/** Remembers what had the focus; if it is lost later, it comes back to there, once what is shown is up to date. */
export function rememberFocus(): () => void {
  const before = document.activeElement;
  return () =>
    void tick().then(() => {
      if (before instanceof HTMLElement && before.isConnected && isLost()) before.focus({ preventScroll: true });
    });
}

/** While the component lives: a step back leads to what was pressed for the step forward, or else to the content as a whole. */
export function keepFocus(router: Router, content: () => HTMLElement): void {
  const openers: Element[] = [];
  let depth = router.depth;
  $effect.pre(() => {
    if (router.depth > depth && document.activeElement) openers[depth] = document.activeElement;
  });
  $effect(() => {
    const back = router.depth < depth;
    depth = router.depth;
    if (!back || !isLost()) return;
    const opener = openers[depth];
    const shown = opener instanceof HTMLElement && opener.isConnected && opener.checkVisibility();
    (shown ? opener : content()).focus({ preventScroll: true });
  });
}
