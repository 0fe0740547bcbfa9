import { createHash } from 'node:crypto';
import type { Slip } from '../../../domain/office/fields.ts';
import { isMoving } from './moving.ts';
import { MOST_LOGO_SIDE, pixelFault } from './pixels.ts';
import { svgFault } from './svg.ts';

/** A logo that is kept with what the town declares, and not on somebody's website. */
export interface Picture {
  type: PictureType;
  bytes: Buffer;
  /** Of what is in it: another picture has another name. */
  name: string;
}

const KINDS = [
  { type: 'image/png', ending: 'png', starts: /^\x89PNG/ },
  { type: 'image/jpeg', ending: 'jpg', starts: /^\xff\xd8\xff/ },
  { type: 'image/webp', ending: 'webp', starts: /^RIFF[\s\S]{4}WEBPVP8/ },
  { type: 'image/svg+xml', ending: 'svg', starts: /^(\xef\xbb\xbf)?\s*<[?!s\w]/ },
] as const;
export type PictureType = (typeof KINDS)[number]['type'];

/** It stands on every page, and who opens one on an old telephone waits for it. */
export const MOST_LOGO_KILOBYTES = 100;
const MOST_BYTES = MOST_LOGO_KILOBYTES * 1000;

const NO_KIND = 'application/octet-stream';
const DATA = /^data:([a-z0-9.+-]+\/[a-z0-9.+-]+);base64,([A-Za-z0-9+/]+={0,2})$/;

const kindOf = (bytes: Buffer) => {
  const head = bytes.subarray(0, 512).toString('latin1');
  return KINDS.find((each) => each.starts.test(head));
};

/** A file as the address that a town file says (RFC 2397). Of one that is too large: enough to be told so. */
export function addressOf(file: Uint8Array): string {
  const bytes = Buffer.from(file.subarray(0, MOST_BYTES + 1));
  return `data:${kindOf(bytes)?.type ?? NO_KIND};base64,${bytes.toString('base64')}`;
}

/** Whether an address is a file itself and not where one is. */
export const isFile = (address: string): boolean => address.startsWith('data:');

function read(address: string): { claimed: string; bytes: Buffer } | null {
  const [, claimed = '', text] = DATA.exec(address) ?? [];
  return text === undefined ? null : { claimed, bytes: Buffer.from(text, 'base64') };
}

/** The picture that an address is; null where it says where one is. */
export function pictureOf(address: string): Picture | null {
  const bytes = read(address)?.bytes;
  const kind = bytes && kindOf(bytes);
  if (!bytes || !kind) return null;
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 20);
  return { type: kind.type, bytes, name: `${digest}.${kind.ending}` };
}

/** An address in few words: a file is told by its kind, size and name. */
export function briefAddress(address: string): string {
  const picture = pictureOf(address);
  return picture
    ? `${picture.type}, ${(picture.bytes.length / 1000).toFixed(1)} kB, ${picture.name}`
    : address.slice(0, 80);
}

/** What is wrong with a logo's file; null: nothing, or it is no file. Its kind is told by what is in it. */
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
      ...{ kind: 'picture_wide', values: { max: MOST_LOGO_SIDE } },
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

/** The text of a file; nothing where it isn't UTF-8, which says the same to everybody. */
function textOf(bytes: Buffer): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const encoding = /^\s*<\?xml[^>]*encoding\s*=\s*["']([\w-]+)/.exec(text)?.[1] ?? 'utf-8';
    return /^(utf-8|us-ascii)$/i.test(encoding) ? text : '';
  } catch {
    return '';
  }
}
