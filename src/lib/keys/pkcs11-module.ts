import { PlainError } from '../plain-error.ts';

/** A call that the module refused. */
export class Pkcs11Error extends Error {
  override name = 'Pkcs11Error';
  readonly call: string;
  readonly code: number;
  constructor(call: string, code: number) {
    super(`${call}: 0x${code.toString(16)}`);
    this.call = call;
    this.code = code;
  }
}

/** The functions of the manufacturer's library for wrapping, unwrapping and sealing. Every call blocks: it is for start, rotation, and some documents. */
export interface Module {
  /** Returns the labels of the present tokens. */
  tokens(): string[];
  /** Returns the slot of the token with this label; null: there is none. */
  findToken(label: string): bigint | null;
  openSession(slot: bigint, pin: string): Session;
}

export interface Session {
  /** Returns the secret key with this label; null: there is none. */
  findKey(label: string): bigint | null;
  /** Returns the private key with this label; null: there is none. */
  findPrivateKey(label: string): bigint | null;
  /** Signs. `ecdsa`: a digest, and the answer is r followed by s. */
  sign(key: bigint, how: keyof typeof SIGNING, data: Buffer): Buffer;
  /** Makes an AES key of 256 bits that never leaves the token. */
  makeKey(label: string): void;
  /** Encrypts with AES-256-GCM: the ciphertext followed by its tag. */
  encrypt(key: bigint, how: Gcm, clear: Buffer): Buffer;
  decrypt(key: bigint, how: Gcm, sealed: Buffer): Buffer;
  close(): void;
}

interface Gcm {
  iv: Buffer;
  data: Buffer;
}

/** Names from the standard (pkcs11t.h). */
const CKF_SERIAL_SESSION = 4n;
const CKF_RW_SESSION = 2n;
const CKU_USER = 1n;
const CKM_AES_KEY_GEN = 0x1080n;
const CKM_AES_GCM = 0x1087n;
const CKO_PRIVATE_KEY = 3n;
const CKO_SECRET_KEY = 4n;
const SIGNING = { rsaWithSha256: 0x40n, ecdsa: 0x1041n } as const;
/** Bytes of the longest signature: RSA of 8192 bits. */
const MOST_SIGNATURE = 1024;
const CKK_AES = 0x1fn;
const CKA = {
  CLASS: 0n,
  TOKEN: 1n,
  PRIVATE: 2n,
  LABEL: 3n,
  KEY_TYPE: 0x100n,
  SENSITIVE: 0x103n,
  ENCRYPT: 0x104n,
  DECRYPT: 0x105n,
  VALUE_LEN: 0x161n,
  EXTRACTABLE: 0x162n,
} as const;
const ALREADY = { INITIALIZED: 0x191, LOGGED_IN: 0x100 };
const TAG_BITS = 128;
const TOKEN_INFO_BYTES = 512;
const LABEL_BYTES = 32;

/** @throws PlainError when the file is no PKCS #11 module */
export async function openModule(path: string): Promise<Module> {
  const call = await bind(path);
  call('C_Initialize', [ALREADY.INITIALIZED], null);
  const slots = (): bigint[] => {
    const count = ulong(0n);
    call('C_GetSlotList', [], 1, null, count);
    const list = Buffer.alloc(Number(count.readBigUInt64LE()) * 8);
    if (list.length === 0) return [];
    call('C_GetSlotList', [], 1, list, count);
    return Array.from({ length: Number(count.readBigUInt64LE()) }, (_, nth) =>
      list.readBigUInt64LE(nth * 8),
    );
  };
  const labelOf = (slot: bigint): string => {
    const info = Buffer.alloc(TOKEN_INFO_BYTES);
    call('C_GetTokenInfo', [], slot, info);
    return info.subarray(0, LABEL_BYTES).toString('utf8').trimEnd();
  };
  return {
    tokens: () => slots().map(labelOf),
    findToken: (label) => slots().find((each) => labelOf(each) === label) ?? null,
    openSession(slot, pin) {
      const handle = ulong(0n);
      call('C_OpenSession', [], slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, null, null, handle);
      const session = handle.readBigUInt64LE();
      const code = Buffer.from(pin);
      try {
        call('C_Login', [ALREADY.LOGGED_IN], session, CKU_USER, code, BigInt(code.length));
      } catch (error) {
        // An open session keeps the token logged in: after the next right PIN it would take any PIN.
        try {
          call('C_CloseSession', [], session);
        } catch {
          // Such as a token that was pulled out: why the log-in failed says more.
        }
        throw error;
      }
      return sessionOf(call, session);
    },
  };
}

function sessionOf(call: Call, session: bigint): Session {
  const crypt = (name: 'Encrypt' | 'Decrypt', key: bigint, how: Gcm, input: Buffer): Buffer => {
    const { iv, data } = how;
    const parameter = {
      pIv: iv,
      ulIvLen: BigInt(iv.length),
      ulIvBits: BigInt(iv.length * 8),
      pAAD: data,
      ulAADLen: BigInt(data.length),
      ulTagBits: BigInt(TAG_BITS),
    };
    call(`C_${name}Init`, [], session, { mechanism: CKM_AES_GCM, parameter }, key);
    const output = Buffer.alloc(input.length + TAG_BITS / 8);
    const length = ulong(BigInt(output.length));
    call(`C_${name}`, [], session, input, BigInt(input.length), output, length);
    return output.subarray(0, Number(length.readBigUInt64LE()));
  };
  const find = (type: bigint, label: string): bigint | null => {
    const wanted = [attribute(CKA.CLASS, type), attribute(CKA.LABEL, label)];
    call('C_FindObjectsInit', [], session, wanted, BigInt(wanted.length));
    const [found, count] = [ulong(0n), ulong(0n)];
    call('C_FindObjects', [], session, found, 1n, count);
    call('C_FindObjectsFinal', [], session);
    return count.readBigUInt64LE() > 0n ? found.readBigUInt64LE() : null;
  };
  return {
    findKey: (label) => find(CKO_SECRET_KEY, label),
    findPrivateKey: (label) => find(CKO_PRIVATE_KEY, label),
    sign(key, how, data) {
      call('C_SignInit', [], session, { mechanism: SIGNING[how] }, key);
      const output = Buffer.alloc(MOST_SIGNATURE);
      const length = ulong(BigInt(output.length));
      call('C_Sign', [], session, data, BigInt(data.length), output, length);
      return output.subarray(0, Number(length.readBigUInt64LE()));
    },
    makeKey(label) {
      const made = [
        attribute(CKA.CLASS, CKO_SECRET_KEY),
        attribute(CKA.KEY_TYPE, CKK_AES),
        attribute(CKA.VALUE_LEN, 32n),
        attribute(CKA.LABEL, label),
        attribute(CKA.TOKEN, true),
        attribute(CKA.PRIVATE, true),
        attribute(CKA.SENSITIVE, true),
        attribute(CKA.EXTRACTABLE, false),
        attribute(CKA.ENCRYPT, true),
        attribute(CKA.DECRYPT, true),
      ];
      const mechanism = { mechanism: CKM_AES_KEY_GEN };
      call('C_GenerateKey', [], session, mechanism, made, BigInt(made.length), ulong(0n));
    },
    encrypt: (key, how, clear) => crypt('Encrypt', key, how, clear),
    decrypt: (key, how, sealed) => crypt('Decrypt', key, how, sealed),
    close: () => call('C_CloseSession', [], session),
  };
}

interface Attribute {
  type: bigint;
  pValue: Buffer;
  ulValueLen: bigint;
}

function attribute(type: bigint, value: bigint | boolean | string): Attribute {
  const bytes =
    typeof value === 'bigint'
      ? ulong(value)
      : Buffer.from(typeof value === 'string' ? value : [value ? 1 : 0]);
  return { type, pValue: bytes, ulValueLen: BigInt(bytes.length) };
}

/** Returns an unsigned long of a 64-bit machine. */
function ulong(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
}

/** Calls a function of the module. `unless`: codes that count as success. @throws Pkcs11Error */
type Call = (name: string, unless: readonly number[], ...parts: unknown[]) => void;

/** Binds the functions in C, by their names. */
async function bind(path: string): Promise<Call> {
  if (process.platform === 'win32')
    throw new PlainError(
      'PKCS #11 is for Linux and macOS: on Windows keep the root key in a file.',
    );
  const { default: koffi } = await import('koffi');
  const attributes = koffi.pointer(
    koffi.struct({ type: 'ulong', pValue: 'uint8_t *', ulValueLen: 'ulong' }),
  );
  const parameter = koffi.pointer(
    koffi.struct({
      pIv: 'uint8_t *',
      ulIvLen: 'ulong',
      ulIvBits: 'ulong',
      pAAD: 'uint8_t *',
      ulAADLen: 'ulong',
      ulTagBits: 'ulong',
    }),
  );
  const mechanism = koffi.pointer(
    koffi.struct({ mechanism: 'ulong', parameter, ulParameterLen: 'ulong' }),
  );
  const bytes = 'uint8_t *';
  const crypt = ['ulong', bytes, 'ulong', bytes, bytes];
  const signatures: Record<string, (string | typeof attributes)[]> = {
    C_Initialize: ['void *'],
    C_GetSlotList: ['uint8_t', bytes, bytes],
    C_GetTokenInfo: ['ulong', bytes],
    C_OpenSession: ['ulong', 'ulong', 'void *', 'void *', bytes],
    C_Login: ['ulong', 'ulong', bytes, 'ulong'],
    C_FindObjectsInit: ['ulong', attributes, 'ulong'],
    C_FindObjects: ['ulong', bytes, 'ulong', bytes],
    C_FindObjectsFinal: ['ulong'],
    C_GenerateKey: ['ulong', mechanism, attributes, 'ulong', bytes],
    C_EncryptInit: ['ulong', mechanism, 'ulong'],
    C_DecryptInit: ['ulong', mechanism, 'ulong'],
    C_Encrypt: crypt,
    C_Decrypt: crypt,
    C_SignInit: ['ulong', mechanism, 'ulong'],
    C_Sign: crypt,
    C_CloseSession: ['ulong'],
  };
  const functions = new Map<string, (...parts: unknown[]) => bigint | number>();
  try {
    const library = koffi.load(path);
    for (const [name, parts] of Object.entries(signatures))
      functions.set(name, library.func(name, 'ulong', parts));
  } catch (error) {
    throw new PlainError(
      `PKCS11_MODULE names ${path}, which is no PKCS #11 module: ${(error as Error).message}`,
    );
  }
  return (name, unless, ...parts) => {
    const whole = parts.map((each) => withLength(each));
    const code = Number(functions.get(name)?.(...whole));
    if (code !== 0 && !unless.includes(code)) throw new Pkcs11Error(name, code);
  };
}

/** Bytes of `CK_GCM_PARAMS`: six words. */
const GCM_PARAMS_BYTES = 48n;

/** Returns a mechanism with the length of its parameter. */
function withLength(part: unknown): unknown {
  if (typeof part !== 'object' || part === null || !('mechanism' in part)) return part;
  const isGcm = 'parameter' in part;
  return { parameter: null, ...part, ulParameterLen: isGcm ? GCM_PARAMS_BYTES : 0n };
}
