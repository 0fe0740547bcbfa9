import { readPhoto } from '../../features/service/photos/rules.ts';
import type { Photo } from '../../features/service/photos/types.ts';

/** Pixels of the long side: a page of text can be read, and an old phone holds it in its memory. */
const LONGEST = 2_000;
const QUALITY = 0.85;
const THUMB = 112;

/** A photo that is ready to be a page: small enough, upright, without what the camera wrote beside it. */
export interface Ready {
  file: File;
  page: Photo;
  /** What is seen of it. The policy lets a page show no picture of its own but what it draws. */
  thumb: HTMLCanvasElement;
}

/** Makes a photo ready; null: this browser can't read it. */
export async function readyPhoto(file: File): Promise<Ready | null> {
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return null;
  try {
    const large = drawn(picture, Math.min(1, LONGEST / Math.max(picture.width, picture.height)));
    const thumb = drawn(large, THUMB / Math.max(large.width, large.height));
    const blob = await new Promise<Blob | null>((resolve) => {
      large.toBlob(resolve, 'image/jpeg', QUALITY);
    });
    // Old phones give a canvas' memory back when it has no size, not when nobody has it any more.
    large.width = 0;
    const page = blob && readPhoto(new Uint8Array(await blob.arrayBuffer()));
    return page && { file, page, thumb };
  } finally {
    picture.close();
  }
}

/** On white: what can be seen through would be black. */
function drawn(picture: ImageBitmap | HTMLCanvasElement, scale: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const paint = canvas.getContext('2d');
  if (!paint) return canvas;
  paint.fillStyle = '#fff';
  paint.fillRect(0, 0, canvas.width, canvas.height);
  paint.imageSmoothingQuality = 'high';
  paint.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}
