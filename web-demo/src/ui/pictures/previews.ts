/**
 * @file Small pictures of files that were chosen a moment ago. One at a time: a camera's picture takes 50 MB while it is decoded, and
 * somebody may have chosen three hundred.
 */

const sideMax = 320;
let last: Promise<unknown> = Promise.resolve();

/** Draws the file into the canvas; resolves with whether this browser can show it. */
export function drawPreview(file: File, canvas: HTMLCanvasElement, wanted: () => boolean): Promise<boolean> {
  const drawn = last.then(() => (wanted() ? draw(file, canvas) : false));
  last = drawn;
  return drawn;
}

async function draw(file: File, canvas: HTMLCanvasElement): Promise<boolean> {
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
    const scale = Math.min(1, sideMax / Math.max(bitmap.width, bitmap.height));
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    return true;
  } catch {
    return false; // it is said so, and the engine will say why
  }
}
