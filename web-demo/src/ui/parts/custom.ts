/** @file Numbers that styles need: custom properties, set on the element itself, as the content security policy allows. */
import type { Attachment } from 'svelte/attachments';

/** `{@attach custom({ ratio: 1.5 })}` gives the element `--ratio: 1.5`. */
export function custom(values: Readonly<Record<string, string | number>>): Attachment<HTMLElement | SVGElement> {
  return (node) => {
    for (const [name, value] of Object.entries(values)) node.style.setProperty(`--${name}`, String(value));
  };
}
