import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** The keys of one request: the one of old programs, and the one of those that know AES. */
export interface Keys {
  /** Eight letters and digits: DES has 56 bits. What is secret is kept by TLS. */
  des: string;
  /** Base64: 256 bits, and the initial vector. */
  key: string;
  iv: string;
}

const BLOCK = 8;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Returns a random text of letters and digits. */
export function randomName(length: number): string {
  let name = '';
  while (name.length < length)
    for (const byte of randomBytes(length))
      if (byte < 4 * ALPHABET.length) name += ALPHABET[byte % ALPHABET.length];
  return name.slice(0, length);
}

export const newKeys = (): Keys => ({
  des: randomName(BLOCK),
  key: randomBytes(32).toString('base64'),
  iv: randomBytes(16).toString('base64'),
});

/** DES is Triple DES with one key three times: OpenSSL has no other any more. */
const desKey = (des: string): Buffer => Buffer.from(des.repeat(3));

/** Base64 for addresses, with its padding, as AutoFirma writes it. */
const safe = (bytes: Buffer): string =>
  bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_');

/** Enciphers with DES as AutoFirma does: how many zeros were added, a point, and what was enciphered. Every program that fetches knows it. */
export function encipherDes(data: Buffer, { des }: Pick<Keys, 'des'>): string {
  const padding = (BLOCK - (data.length % BLOCK)) % BLOCK;
  const cipher = createCipheriv('des-ede3', desKey(des), null).setAutoPadding(false);
  const bytes = [cipher.update(data), cipher.update(Buffer.alloc(padding)), cipher.final()];
  return `${padding}.${safe(Buffer.concat(bytes))}`;
}

/** Enciphers with AES, as programs since 1.9 do. */
export function encipherAes(data: Buffer, { key, iv }: Pick<Keys, 'key' | 'iv'>): string {
  const secret = Buffer.from(key, 'base64');
  const cipher = createCipheriv('aes-256-cbc', secret, Buffer.from(iv, 'base64'));
  return safe(Buffer.concat([cipher.update(data), cipher.final()]));
}

/** Deciphers what a program put, with AES or with DES; null: it is neither. */
export function decipher(text: string, keys: Keys): Buffer | null {
  try {
    const [, padding, rest] = /^(\d)\.([\w+/=-]+)$/.exec(text) ?? [];
    if (padding === undefined || rest === undefined) {
      const [key, iv] = [keys.key, keys.iv].map((each) => Buffer.from(each, 'base64'));
      if (!key || !iv || !/^[\w+/=-]+$/.test(text)) return null;
      const cipher = createDecipheriv('aes-256-cbc', key, iv);
      return Buffer.concat([cipher.update(Buffer.from(text, 'base64')), cipher.final()]);
    }
    const cipher = createDecipheriv('des-ede3', desKey(keys.des), null).setAutoPadding(false);
    const bytes = Buffer.concat([cipher.update(Buffer.from(rest, 'base64')), cipher.final()]);
    return bytes.subarray(0, bytes.length - Number(padding));
  } catch {
    return null;
  }
}
