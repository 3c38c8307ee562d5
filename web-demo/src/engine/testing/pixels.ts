/**
 * @file Pictures without a browser. Decodes whatever does not begin with `JX` or, unless it can, with `H`; a JPEG it "writes" is as long as
 * the picture's side times its quality times `fineness`.
 */
import type { Drawn, Pixels, Surface } from '../media/work/pixels';

export function fakePixels() {
  const state = { able: true, heic: false, fineness: 100, open: 0, decoded: 0, written: [] as number[] };
  const surface = (width: number, height: number): Surface => {
    state.open += 1;
    let closed = false;
    return {
      width,
      height,
      scaled(sideMax) {
        if (closed) throw new Error('closed already');
        const scale = Math.min(1, sideMax / Math.max(width, height));
        return drawn(width * scale, height * scale);
      },
      close() {
        if (!closed) state.open -= 1;
        closed = true;
      },
    };
  };
  const drawn = (width: number, height: number): Drawn => ({
    ...surface(width, height),
    jpeg(quality) {
      const bytes = new Uint8Array(Math.round(Math.max(width, height) * quality * state.fineness));
      state.written.push(bytes.length);
      return Promise.resolve(bytes);
    },
    rgba: () => new Uint8ClampedArray(4 * Math.round(width) * Math.round(height)),
  });
  const pixels: Pixels = {
    able: () => Promise.resolve(state.able),
    async decode(file) {
      const head = String.fromCharCode(...new Uint8Array(await file.slice(0, 2).arrayBuffer()));
      if (head === 'JX' || (head.startsWith('H') && !state.heic)) throw new DOMException('', 'InvalidStateError');
      state.decoded += 1;
      return surface(4000, 3000);
    },
  };
  return { pixels, state };
}
