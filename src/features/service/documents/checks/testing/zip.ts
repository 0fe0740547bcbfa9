import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipMember {
  name: string | Buffer;
  data: Uint8Array | string;
  /** The values of the list, which may be false. */
  says?: Partial<{ unpacked: number; packed: number; offset: number }>;
  store?: boolean;
  /** General purpose bits: 1 is encrypted. */
  flags?: number;
  method?: number;
  /** Unix mode, in the upper half of the external attributes. */
  mode?: number;
}

const known = new WeakMap<Uint8Array, Buffer>();

/** Returns packed bytes. Large inputs are packed once and kept. */
function pack(raw: Uint8Array): Buffer {
  const packed = known.get(raw) ?? deflateRawSync(raw);
  known.set(raw, packed);
  return packed;
}

/** Returns a ZIP with the given members, honest or not (APPNOTE 6.3.10, 4.3). */
export function zipOf(members: readonly ZipMember[], before = ''): Buffer {
  const offices: Buffer[] = [Buffer.from(before)];
  const list: Buffer[] = [];
  let at = before.length;
  for (const member of members) {
    const { data, says = {}, store = false, flags = 0x800, mode = 0 } = member;
    const raw = typeof data === 'string' ? Buffer.from(data) : data;
    const packed = store ? raw : pack(raw);
    const name = Buffer.from(member.name as string);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(flags, 2);
    common.writeUInt16LE(member.method ?? (store ? 0 : 8), 4);
    common.writeUInt32LE(crc32(raw), 10);
    common.writeUInt32LE(says.packed ?? packed.length, 14);
    common.writeUInt32LE(says.unpacked ?? raw.length, 18);
    common.writeUInt16LE(name.length, 22);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(mode * 0x10000, 6);
    rest.writeUInt32LE(says.offset ?? at, 10);
    list.push(Buffer.from('504b01021403', 'hex'), common, rest, name);
    const body = Buffer.concat([Buffer.from('504b0304', 'hex'), common, name, packed]);
    offices.push(body);
    at += body.length;
  }
  const directory = Buffer.concat(list);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...offices, directory, end]);
}
