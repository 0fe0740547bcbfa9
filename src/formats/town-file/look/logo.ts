import { createHash } from 'node:crypto';
import type { Slip } from '../../../domain/office/fields.ts';
import { isMoving } from './moving.ts';
import { MOST_LOGO_SIDE, pixelFault } from './pixels.ts';
import { svgFault } from './svg.ts';

/** A logo that is stored with the town's declaration, not on a website. */
export interface Picture {
  type: PictureType;
  bytes: Buffer;
  /** A name derived from the content: another picture has another name. */
  name: string;
}

const KINDS = [
  { type: 'image/png', ending: 'png', starts: /^\x89PNG/ },
  { type: 'image/jpeg', ending: 'jpg', starts: /^\xff\xd8\xff/ },
  { type: 'image/webp', ending: 'webp', starts: /^RIFF[\s\S]{4}WEBPVP8/ },
  { type: 'image/svg+xml', ending: 'svg', starts: /^(\xef\xbb\xbf)?\s*<[?!s\w]/ },
] as const;
export type PictureType = (typeof KINDS)[number]['type'];

/** The maximum size of a logo. Every page shows it, and it must load quickly on an old telephone. */
export const MOST_LOGO_KILOBYTES = 100;
const MOST_BYTES = MOST_LOGO_KILOBYTES * 1000;

const NO_KIND = 'application/octet-stream';
const DATA = /^data:([a-z0-9.+-]+\/[a-z0-9.+-]+);base64,([A-Za-z0-9+/]+={0,2})$/;

const kindOf = (bytes: Buffer) => {
  const head = bytes.subarray(0, 512).toString('latin1');
  return KINDS.find((each) => each.starts.test(head));
};

/** Returns a file as a data URL for the town file (RFC 2397). A file that is too large is cut, but stays long enough to be reported. */
export function addressOf(file: Uint8Array): string {
  const bytes = Buffer.from(file.subarray(0, MOST_BYTES + 1));
  return `data:${kindOf(bytes)?.type ?? NO_KIND};base64,${bytes.toString('base64')}`;
}

/** Returns whether an address is a data URL and not a web address. */
export const isFile = (address: string): boolean => address.startsWith('data:');

function read(address: string): { claimed: string; bytes: Buffer } | null {
  const [, claimed = '', text] = DATA.exec(address) ?? [];
  return text === undefined ? null : { claimed, bytes: Buffer.from(text, 'base64') };
}

/** Returns the picture in a data URL; null for a web address. */
export function pictureOf(address: string): Picture | null {
  const bytes = read(address)?.bytes;
  const kind = bytes && kindOf(bytes);
  if (!bytes || !kind) return null;
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 20);
  return { type: kind.type, bytes, name: `${digest}.${kind.ending}` };
}

/** Returns an address in few words: a file by its type, size and name. */
export function briefAddress(address: string): string {
  const picture = pictureOf(address);
  return picture
    ? `${picture.type}, ${(picture.bytes.length / 1000).toFixed(1)} kB, ${picture.name}`
    : address.slice(0, 80);
}

/** Returns the mistake in a logo's file; null: none, or the address is not a file. The content decides its type. */
export function pictureFault(address: string): (Slip & { message: string }) | null {
  if (!isFile(address)) return null;
  const max = MOST_LOGO_KILOBYTES;
  const found = read(address);
  if (!found)
    return {
      kind: 'picture_kind',
      message: 'must be a web address, or a picture written as data:image/png;base64,…',
    };
  const { claimed, bytes } = found;
  const kind = kindOf(bytes);
  if (!kind || kind.type !== claimed)
    return {
      kind: 'picture_kind',
      message: kind
        ? `says that it is ${claimed}, but what is in it is ${kind.type}`
        : 'is no SVG, PNG, JPEG or WebP',
    };
  if (bytes.length > MOST_BYTES)
    return { kind: 'picture_large', values: { max }, message: `has more than ${max} kB` };
  if (isMoving(bytes)) return { kind: 'picture_moves', message: 'moves' };
  const isDrawing = kind.type === 'image/svg+xml';
  const fault = isDrawing ? svgFault(textOf(bytes)) : pixelFault(bytes);
  if (fault === 'wide')
    return {
      kind: 'picture_wide',
      values: { max: MOST_LOGO_SIDE },
      message: `has more than ${MOST_LOGO_SIDE} pixels on a side`,
    };
  if (fault === 'broken' && !isDrawing)
    return { kind: 'picture_kind', message: `doesn't say how large a picture it is` };
  if (fault === 'broken')
    return { kind: 'picture_broken', message: 'is an SVG that is not plain, whole XML in UTF-8' };
  if (fault === 'active')
    return {
      kind: 'picture_active',
      message: 'is an SVG with something that runs, moves or is fetched from elsewhere',
    };
  if (fault === 'heavy')
    return { kind: 'picture_heavy', message: 'is an SVG that refers to itself over and over' };
  return null;
}

/** Returns the text of a file; empty when it isn't valid UTF-8, which programs would read differently. */
function textOf(bytes: Buffer): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const encoding = /^\s*<\?xml[^>]*encoding\s*=\s*["']([\w-]+)/.exec(text)?.[1] ?? 'utf-8';
    return /^(utf-8|us-ascii)$/i.test(encoding) ? text : '';
  } catch {
    return '';
  }
}
