import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Decrypter, generateIdentity, identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keyFile } from '../../src/lib/secrets.ts';
import { temporaryFolder } from '../support/processes.ts';
import { finestreta, MORNING, openTown, type Town } from '../support/town.ts';

/**
 * The story of a stolen backup. The thief has the nightly file; later the identity that opens it too; never the root key. The
 * town loses its server, and restores from the same file.
 */
describe('a stolen backup', () => {
  const folder = temporaryFolder();
  const at = (name: string) => join(folder.path, name);
  const [file, identity, rootKey] = [at('night.gz.age'), at('identity.txt'), at('root-key.age')];
  const NAME = 'Rosa Puig i Ferrer';
  let town: Town;
  let link: string;
  let secret: string;

  const run = (dataDir: string, ...words: string[]) =>
    finestreta(words, dataDir, { BASE_URL: town.origin, CLOCK: MORNING, DEMO: '1' });

  beforeAll(async () => {
    town = await openTown({ clock: MORNING });
    link = await book();
    secret = await generateIdentity();
    writeFileSync(identity, `${secret}\n`);
    const to = await identityToRecipient(secret);
    const { dataDir } = town.server;
    for (const words of [
      ['key', 'export', rootKey, '--to', to],
      ['backup', file, '--to', to],
      // Later changes don't lock the backup out.
      ['key', 'rotate', 'links'],
    ])
      expect(run(dataDir, ...words), words.join(' ')).toMatchObject({ code: 0 });
  }, 200_000);
  afterAll(async () => {
    await town?.[Symbol.asyncDispose]();
    folder.remove();
  });

  /** A citizen has an appointment. Answers the link in their mail. */
  const book = () =>
    town.operate(async ({ offices, slots, appointments }) => {
      const office = await offices.find('oac');
      if (!office) throw new Error('no office');
      const choice = { procedure: 'volant-padro', channel: 'phone', language: 'ca' } as const;
      const days = { from: '2026-11-26', to: '2026-12-10' };
      const found = await slots.search(office, choice, days);
      const start = found.ok && found.slots[0]?.start;
      if (!start) throw new Error('no free time');
      const booked = await appointments.book({ kind: 'citizen' }, office, {
        ...{ ...choice, noticeLanguage: 'ca', start, onBehalfOf: null, needs: [], comment: '' },
        citizen: { name: NAME, email: 'rosa@example.cat', phone: '+34600000078' },
      });
      if (!booked.ok) throw new Error(booked.reason);
      return appointments.manageUrl(booked.appointment);
    });

  const clear = async (): Promise<string> => {
    const decrypter = new Decrypter();
    decrypter.addIdentity(secret);
    return gunzipSync(await decrypter.decrypt(readFileSync(file))).toString();
  };

  test('tells the thief nobody’s name', () => {
    const bytes = readFileSync(file);
    expect(bytes.includes(NAME)).toBe(false);
    expect(() => gunzipSync(bytes)).toThrow();
    const { code, said } = run(at('thief'), 'restore', file);
    expect(code).toBe(1);
    expect(said).toContain('--identity FILE');
  });

  test('with the identity tells names, but neither opens a link nor holds a key', async () => {
    const text = await clear();
    expect(text).toContain(NAME);
    expect(text).not.toContain(link.split('/').at(-1));
    expect(text).not.toContain(readFileSync(keyFile(town.server.dataDir), 'utf8').trim());
    const { code, said } = run(at('thief'), 'restore', file, '--identity', identity);
    expect(code).toBe(1);
    expect(said).toContain('--key FILE');
  });

  test('with the thief’s own root key restores nothing', () => {
    const own = at('own.key');
    writeFileSync(own, Buffer.alloc(32, 3).toString('base64'));
    const { code, said } = run(at('thief'), 'restore', file, '--identity', identity, '--key', own);
    expect(code).toBe(1);
    expect(said).toContain('not the one that was given');
  });

  test('brings the town back, with the identity and the root key, and its links open', async () => {
    const { dataDir } = town.server;
    await town.server.stop();
    rmSync(dataDir, { recursive: true });
    const back = run(dataDir, 'restore', file, '--identity', identity, '--key', rootKey);
    expect(back).toMatchObject({ code: 0 });
    await town.comeTo(MORNING);
    const page = await fetch(link);
    expect(page.status).toBe(200);
  }, 120_000);
});
