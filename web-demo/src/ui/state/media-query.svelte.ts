/** @file Widths at which the app is laid out differently, where styles alone are not enough. */
import { MediaQuery } from 'svelte/reactivity';

/** There is room for a rail of places at the side. */
export const roomy = new MediaQuery('min-width: 52em', false);
/** There is room for something beside the main column. */
export const spacious = new MediaQuery('min-width: 62em', false);
/** A finger points, not a mouse: there is a camera at hand, and nothing to drag. */
export const handheld = new MediaQuery('pointer: coarse', false);
