/**
 * @file Where the focus goes when what had it is gone, so that whoever uses the keyboard goes on where they were: after a step back to
 * what led there, and after something that was being done to what did it.
 */
import { tick } from 'svelte';
import type { Router } from './router.svelte';

/** What the page is about, where it has a frame around it. */
const contentId = 'main';

/** Safari cannot be asked before 17.4. */
function isShown(element: Pick<Element, 'getClientRects'> & Partial<Pick<Element, 'checkVisibility'>>): boolean {
  return element.checkVisibility?.() ?? element.getClientRects().length > 0;
}

/** Nothing has the focus, or what has it is not to be seen. */
export function focusIsLost(): boolean {
  const { activeElement } = document;
  return !activeElement || activeElement === document.body || !isShown(activeElement);
}

function focusOn(wanted: Element | null | undefined): void {
  const shown = wanted instanceof HTMLElement && wanted !== document.body && wanted.isConnected && isShown(wanted);
  (shown ? wanted : document.getElementById(contentId))?.focus({ preventScroll: true });
}

/**
 * Remembers what had the focus. If it is lost later, it comes back to there, or to the content where that is gone. Where nothing had it,
 * nothing gets it.
 */
export function rememberFocus(): () => void {
  const before = document.activeElement;
  if (!before || before === document.body) return () => undefined;
  return () =>
    void tick().then(() => {
      if (focusIsLost()) focusOn(before);
    });
}

/** While the component lives: a step back leads to what was pressed for the step forward, or else to the content as a whole. */
export function keepFocus(router: Router): void {
  const openers: Element[] = [];
  let depth = router.depth;
  $effect.pre(() => {
    if (router.depth > depth && document.activeElement) openers[depth] = document.activeElement;
  });
  $effect(() => {
    const back = router.depth < depth;
    depth = router.depth;
    if (back && focusIsLost()) focusOn(openers[depth]);
  });
}
