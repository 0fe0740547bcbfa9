import type { Photo } from './types.ts';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Colours by PNG's number for them; those that can be seen through are not among them: a PDF wants them apart. */
const [GREY, RGB, PALETTE] = [0, 2, 3];

/** 256 colours of three bytes (PNG, 11.2.2). */
const MOST_PALETTE = 768;
/** More parts than any program writes: each costs memory beside its bytes. */
const MOST_PARTS = 20_000;

/**
 * A PNG as a page's picture: a PDF packs and filters lines as it does (ISO 32000-1, 7.4.4.4). Null: it isn't one, or one that
 * would have to be unpacked (seen through, or in seven passes).
 */
export function readPng(bytes: Uint8Array): Photo | null {
  if (SIGNATURE.some((each, index) => bytes[index] !== each) || bytes.length < 33) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const [bits = 0, type = -1, , , interlace] = bytes.subarray(24, 29);
  if (![GREY, RGB, PALETTE].includes(type) || interlace !== 0 || !width || !height) return null;
  let palette = '';
  const data: Uint8Array[] = [];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const end = at + 8 + view.getUint32(at);
    if (end + 4 > bytes.length) return null;
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const body = bytes.subarray(at + 8, end);
    if (name === 'PLTE' && body.length > MOST_PALETTE) return null;
    if (name === 'PLTE')
      palette = Array.from(body, (each) => each.toString(16).padStart(2, '0')).join('');
    if (name === 'IDAT' && body.length > 0) data.push(body);
    if (data.length > MOST_PARTS) return null;
    at = end + 4;
  }
  const hasColours = type !== PALETTE || (palette !== '' && palette.length % 6 === 0);
  if (data.length === 0 || !hasColours) return null;
  const last = palette.length / 6 - 1;
  const colours =
    type === PALETTE
      ? `[/Indexed /DeviceRGB ${last} <${palette}>]`
      : `/Device${type === RGB ? 'RGB' : 'Gray'}`;
  const lines = `/Predictor 15 /Colors ${type === RGB ? 3 : 1} /BitsPerComponent ${bits} /Columns ${width}`;
  const says = `/Filter /FlateDecode /DecodeParms << ${lines} >> /ColorSpace ${colours} /BitsPerComponent ${bits}`;
  return { width, height, orientation: 1, says, data };
}
