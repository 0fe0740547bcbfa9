import { NotShown, type Sheets } from './types.ts';

/** Opens a picture that the page already shows, without fetching it again. @throws NotShown */
export async function openShown(image: HTMLImageElement): Promise<Sheets> {
  await image.decode().catch(() => {
    throw new NotShown('mistake');
  });
  return sheetOf(image, image.naturalWidth, image.naturalHeight, () => {});
}

/** Opens a picture that not every browser can read (HEIC). @throws NotShown */
export async function openPicture(bytes: Uint8Array<ArrayBuffer>, type: string): Promise<Sheets> {
  const picture = await createImageBitmap(new Blob([bytes], { type })).catch(() => {
    throw new NotShown('unread');
  });
  return sheetOf(picture, picture.width, picture.height, () => picture.close());
}

function sheetOf(
  picture: HTMLImageElement | ImageBitmap,
  width: number,
  height: number,
  close: () => void,
): Sheets {
  const isAcross = (turn: number) => turn % 180 === 0;
  return {
    count: 1,
    sizeOf: async (_, turn) =>
      isAcross(turn) ? { width, height } : { width: height, height: width },
    draw: async (_, canvas, { scale, turn }) => {
      const [across, down] = isAcross(turn) ? [width, height] : [height, width];
      [canvas.width, canvas.height] = [Math.ceil(across * scale), Math.ceil(down * scale)];
      const paint = canvas.getContext('2d');
      paint?.translate(canvas.width / 2, canvas.height / 2);
      paint?.rotate((turn * Math.PI) / 180);
      paint?.scale(scale, scale);
      paint?.drawImage(picture, -width / 2, -height / 2);
    },
    textOf: async () => '',
    close,
  };
}
