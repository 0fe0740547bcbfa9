import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { pkcs11Roots } from './pkcs11.ts';
import { fileProvider } from './provider.ts';
import { fileRoots } from './roots.ts';
import { HAS_TOKEN, makeToken, TOKEN } from './testing.ts';

const DATA = Buffer.from('purpose key|links|1');
const settings = { ...TOKEN, key: 'finestreta' };
const none = fileRoots(() => []);

describe.skipIf(!HAS_TOKEN)('a root key in a PKCS #11 token', () => {
  beforeAll(makeToken);

  test('is made once, stays there, and opens keys that it wrapped', async () => {
    const roots = await pkcs11Roots(settings, none);
    const root = await roots.current();
    expect(root.id).toBe('pkcs11 vilaclara/finestreta');
    const key = randomBytes(32);
    const wrapped = await root.wrap(key, DATA);
    expect(wrapped.includes(key)).toBe(false);
    expect(await root.unwrap(wrapped, DATA)).toEqual(key);
    const again = await pkcs11Roots(settings, none);
    expect(await (await again.find(root.id))?.unwrap(wrapped, DATA)).toEqual(key);
    const listed = execFileSync('softhsm2-util', ['--show-slots']).toString();
    expect(listed).toContain('vilaclara');
  });

  test('opens nothing that was changed, moved, or wrapped by another', async () => {
    const root = await (await pkcs11Roots(settings, none)).current();
    const other = await (await pkcs11Roots({ ...settings, key: 'another' }, none)).current();
    const wrapped = await root.wrap(randomBytes(32), DATA);
    const changed = Buffer.from(wrapped);
    changed[20]! ^= 1;
    await expect(root.unwrap(changed, DATA)).rejects.toThrow(/can't be used/);
    await expect(root.unwrap(wrapped, Buffer.from('other'))).rejects.toThrow(/can't be used/);
    await expect(other.unwrap(wrapped, DATA)).rejects.toThrow(/can't be used/);
  });

  test('takes over keys that a file wrapped', async () => {
    const old = Buffer.alloc(32, 7);
    const roots = await pkcs11Roots(
      settings,
      fileRoots(() => [old]),
    );
    const key = randomBytes(32);
    const wrapped = await fileProvider(old).wrap(key, DATA);
    expect(await (await roots.find(fileProvider(old).id))?.unwrap(wrapped, DATA)).toEqual(key);
    expect(await roots.find('pkcs11 vilaclara/unknown')).toBeNull();
  });

  test('reports the mistake: the module, the token, the PIN', async () => {
    const open = async (changed: Partial<Record<keyof typeof settings, string>>) =>
      (await pkcs11Roots({ ...settings, ...changed }, none)).current();
    await expect(open({ module: '/usr/lib/none.so' })).rejects.toThrow(/no PKCS #11 module/);
    await expect(open({ token: 'other' })).rejects.toThrow(/It finds: vilaclara/);
    await expect(open({ pin: '0000' })).rejects.toThrow(/PKCS11_PIN is not its PIN/);
    await open({});
    await expect(open({ pin: '0000' })).rejects.toThrow(/PKCS11_PIN is not its PIN/);
  });
});
