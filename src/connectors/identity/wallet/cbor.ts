import { refuse } from './refusal.ts';

/** A tagged value of CBOR. */
export class Tagged {
  readonly tag: number;
  readonly value: Cbor;

  constructor(tag: number, value: Cbor) {
    this.tag = tag;
    this.value = value;
  }
}

/** What a mobile document (ISO/IEC 18013-5) is made of. */
export type Cbor =
  | number
  | bigint
  | string
  | boolean
  | null
  | undefined
  | Buffer
  | Cbor[]
  | Map<string | number, Cbor>
  | Tagged;

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const DEEPEST = 16;

/**
 * Returns the value in bytes of CBOR (RFC 8949). It takes only what mobile documents have: definite lengths, keys that are text or integers,
 * no key twice, nothing after the value.
 *
 * @throws NotIdentified if it is anything else
 */
export function decode(bytes: Uint8Array): Cbor {
  const reader = new Reader(Buffer.from(bytes));
  const value = reader.next(0);
  return reader.isAtEnd() ? value : refuse('cbor');
}

class Reader {
  private at = 0;
  private readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  isAtEnd(): boolean {
    return this.at === this.bytes.length;
  }

  next(depth: number): Cbor {
    if (depth > DEEPEST) refuse('cbor_depth');
    const first = this.take(1)[0] ?? 0;
    const major = first >> 5;
    const rest = first & 31;
    if (major === 7) return this.simple(rest);
    const size = this.size(rest);
    if (major === 0) return size;
    if (major === 1) return typeof size === 'bigint' ? -1n - size : -1 - size;
    if (typeof size === 'bigint') return refuse('cbor');
    if (major === 2) return this.take(size);
    if (major === 3) return UTF8.decode(this.take(size));
    if (major === 4) return this.list(size, depth);
    if (major === 5) return this.map(size, depth);
    return new Tagged(size, this.next(depth + 1));
  }

  private take(count: number): Buffer {
    if (this.at + count > this.bytes.length) refuse('cbor');
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  private size(rest: number): number | bigint {
    if (rest < 24) return rest;
    if (rest === 24) return this.take(1).readUInt8();
    if (rest === 25) return this.take(2).readUInt16BE();
    if (rest === 26) return this.take(4).readUInt32BE();
    if (rest !== 27) return refuse('cbor');
    const size = this.take(8).readBigUInt64BE();
    return size <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(size) : size;
  }

  private list(count: number, depth: number): Cbor[] {
    const list: Cbor[] = [];
    for (let index = 0; index < count; index++) list.push(this.next(depth + 1));
    return list;
  }

  private map(count: number, depth: number): Map<string | number, Cbor> {
    const map = new Map<string | number, Cbor>();
    for (let index = 0; index < count; index++) {
      const key = this.next(depth + 1);
      if (typeof key !== 'string' && typeof key !== 'number') return refuse('cbor');
      if (map.has(key)) return refuse('cbor_key_twice');
      map.set(key, this.next(depth + 1));
    }
    return map;
  }

  private simple(rest: number): Cbor {
    if (rest === 20 || rest === 21) return rest === 21;
    if (rest === 22) return null;
    if (rest === 23) return undefined;
    if (rest === 26) return this.take(4).readFloatBE();
    if (rest === 27) return this.take(8).readDoubleBE();
    return refuse('cbor');
  }
}

const head = (major: number, size: number): Buffer => {
  const first = major << 5;
  if (size < 24) return Buffer.from([first | size]);
  if (size < 0x100) return Buffer.from([first | 24, size]);
  if (size < 0x10000) return Buffer.from([first | 25, size >> 8, size & 0xff]);
  const long = Buffer.alloc(5);
  long.writeUInt8(first | 26);
  long.writeUInt32BE(size, 1);
  return long;
};

/** The encoder of what is signed. Each returns the encoding of its argument; those of lists and tags take encodings. */
export const encode = {
  bytes: (bytes: Uint8Array) => Buffer.concat([head(2, bytes.length), bytes]),
  text: (text: string) => {
    const bytes = Buffer.from(text);
    return Buffer.concat([head(3, bytes.length), bytes]);
  },
  list: (items: Buffer[]) => Buffer.concat([head(4, items.length), ...items]),
  null: () => Buffer.from([0xf6]),
  /** Bytes that are CBOR themselves, `#6.24(bstr)`. */
  embedded: (bytes: Uint8Array) => Buffer.concat([head(6, 24), encode.bytes(bytes)]),
};
