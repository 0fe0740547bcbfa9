import { readPhoto } from '../../features/service/photos/rules.ts';
import type { Photo } from '../../features/service/photos/types.ts';

/** The maximum length of the long side in pixels: text stays readable, and the picture fits in an old phone's memory. */
const LONGEST = 2_000;
const QUALITY = 0.85;
const THUMB = 112;

/** A photo prepared as a page: small enough, upright, without the camera's metadata. */
export interface Ready {
  file: File;
  page: Photo;
  /** Its preview. The page's policy allows no pictures except those that it draws. */
  thumb: HTMLCanvasElement;
}

/** Prepares a photo; null: this browser can't read it. */
export async function readyPhoto(file: File): Promise<Ready | null> {
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return null;
  try {
    const large = drawn(picture, Math.min(1, LONGEST / Math.max(picture.width, picture.height)));
    const thumb = drawn(large, THUMB / Math.max(large.width, large.height));
    const blob = await new Promise<Blob | null>((resolve) => {
      large.toBlob(resolve, 'image/jpeg', QUALITY);
    });
    // Old phones release a canvas' memory when its size is zero, not when it is unreferenced.
    large.width = 0;
    const page = blob && readPhoto(new Uint8Array(await blob.arrayBuffer()));
    return page && { file, page, thumb };
  } finally {
    picture.close();
  }
}

/** Draws on white, since transparent parts would become black. */
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
