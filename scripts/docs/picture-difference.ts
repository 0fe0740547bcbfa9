import type { Page } from 'playwright-core';

/** How far a colour of a point may be from the same colour of the other: what compression does to it is less. */
const NEAR = 48;

/** Returns the share of the points that differ in two pictures (WebP), from 0 to 1; 1 where their sizes do. */
export function differenceOf(page: Page, one: Buffer, other: Buffer): Promise<number> {
  const urls = [one, other].map((each) => `data:image/webp;base64,${each.toString('base64')}`);
  return page.evaluate(
    async ({ urls, near }) => {
      const [a, b] = await Promise.all(
        urls.map(async (url) => {
          const image = await createImageBitmap(await (await fetch(url)).blob());
          const { width, height } = image;
          const canvas = new OffscreenCanvas(width, height).getContext('2d');
          canvas?.drawImage(image, 0, 0);
          return { width, height, points: canvas?.getImageData(0, 0, width, height).data };
        }),
      );
      if (!a?.points || !b?.points || a.width !== b.width || a.height !== b.height) return 1;
      let count = 0;
      for (let at = 0; at < a.points.length; at += 4) {
        const isFar = [0, 1, 2].some(
          (colour) =>
            Math.abs((a.points?.[at + colour] ?? 0) - (b.points?.[at + colour] ?? 0)) > near,
        );
        if (isFar) count += 1;
      }
      return count / (a.width * a.height);
    },
    { urls, near: NEAR },
  );
}
