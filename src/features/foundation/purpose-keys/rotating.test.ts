import { randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { handClock } from '../../../lib/clock.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { fileProvider } from '../../../lib/keys/provider.ts';
import { PURPOSE_NAMES, type Purpose } from '../../../lib/keys/purposes.ts';
import { fileRoots } from '../../../lib/keys/roots.ts';
import { hashSecret, installationKey, type PurposeKey } from '../../../lib/secrets.ts';
import { createAppointments } from '../../booking/appointments/service.ts';
import { testAppointments } from '../../booking/appointments/testing.ts';
import { createAuditSeals } from '../audit/service.ts';
import { testUnit } from '../audit/testing.ts';
import { testOffice } from '../offices/testing.ts';
import { relink } from '../openings/service.ts';
import { createRotating, openPurposeKeys } from './service.ts';

const ROOT = Buffer.alloc(32, 7);
const clock = handClock('2026-11-30T09:00:00+01:00');
let database: TestDatabase;
let office: number;
let elsewhere: number;

beforeAll(async () => {
  database = await testDatabase();
  office = await testOffice(database.kysely, {});
  elsewhere = await testOffice(database.kysely, { code: 'hisenda' });
});
afterEach(() => statement('delete from purpose_key'));
afterAll(() => database.close());

const statement = (text: string) => database.asOwner(text);

/** The keys of a process with these root keys. */
async function processWith(roots: readonly Buffer[] = [ROOT], takeOver: Buffer | null = null) {
  const at = fileRoots(() => roots);
  const opened = await openPurposeKeys({ db: database.kysely, roots: at, takeOver });
  const rotating = createRotating({
    db: database.kysely,
    unit: testUnit(database.kysely, clock),
    roots: at,
    changed: opened.refresh,
  });
  return { ...opened, rotating };
}

/** Makes the newest versions active now. */
const becomeActive = () => statement('update purpose_key set active_at = now()');
/** Makes all versions so many minutes older. */
const age = (minutes: number) =>
  statement(
    `update purpose_key set made_at = made_at - interval '${minutes} minutes', active_at = active_at - interval '${minutes} minutes'`,
  );
const versions = (of: Awaited<ReturnType<typeof processWith>>, purpose: Purpose) =>
  of.keys[purpose].live().map((each) => each.version);

describe('the keys of purposes', () => {
  test('are random, each another, and only their root key opens them', async () => {
    const { keys } = await processWith();
    const derived = PURPOSE_NAMES.map((each) => keys[each].derive('x'));
    expect(new Set([...derived, installationKey(ROOT).derive('x')]).size).toBe(
      PURPOSE_NAMES.length + 1,
    );
    const again = await processWith();
    expect(PURPOSE_NAMES.map((each) => again.keys[each].derive('x'))).toEqual(derived);
    await expect(processWith([randomBytes(32)])).rejects.toThrow(/wrapped by another root key/);
  });

  test('of an installation from before them derive what its one key derived', async () => {
    const { keys, rotating } = await processWith([ROOT], ROOT);
    const id = randomUUID();
    const secret = installationKey(ROOT).derive(`appointment ${id}`);
    expect(keys.links.of(id).derive(`appointment ${id}`)).toBe(secret);
    await rotating.rotate('links', { isCompromised: false });
    await becomeActive();
    const later = await processWith([ROOT], ROOT);
    expect(versions(later, 'links')).toEqual([1, 0]);
    expect(later.keys.links.of(id).derive(`appointment ${id}`)).toBe(secret);
    expect(later.keys.links.of(later.keys.links.newId()).version).toBe(1);
  });

  test('are made once by processes that start together', async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => processWith()));
    expect(new Set(all.map(({ keys }) => keys.links.derive('x'))).size).toBe(1);
  });
});

describe('a rotation', () => {
  test('is known to every process before any derives by the new key', async () => {
    const [one, other] = [await processWith(), await processWith()];
    expect(await one.rotating.rotate('forms', { isCompromised: false })).toMatchObject({
      ...{ ok: true, version: 2, ended: [] },
    });
    await other.refresh();
    expect([one.keys.forms.version, other.keys.forms.version]).toEqual([1, 1]);
    expect(await one.rotating.rotate('forms', { isCompromised: false })).toEqual({
      ...{ ok: false, reason: 'pending' },
    });
    await becomeActive();
    await one.refresh();
    // The other has not read it again, and recognises what the first makes.
    const made = one.keys.forms.derive('x');
    expect(other.keys.forms.version).toBe(1);
    expect(other.keys.forms.live().some((each) => each.derive('x') === made)).toBe(true);
  });

  test('of what lives for minutes keeps one earlier key, and does not follow at once on another', async () => {
    const one = await processWith();
    await one.rotating.rotate('codes', { isCompromised: false });
    await becomeActive();
    expect(await one.rotating.rotate('codes', { isCompromised: false })).toEqual({
      ...{ ok: false, reason: 'too_soon' },
    });
    await age(61);
    expect(await one.rotating.rotate('codes', { isCompromised: false })).toMatchObject({
      ended: [1],
    });
    expect(versions(one, 'codes')).toEqual([3, 2]);
  });

  test('of a compromised key ends at once what it made, but not what is only recognised', async () => {
    const one = await processWith();
    for (const purpose of ['links', 'codes', 'seals'] as const)
      await one.rotating.rotate(purpose, { isCompromised: true });
    expect(versions(one, 'links')).toEqual([2]);
    expect(versions(one, 'codes')).toEqual([2]);
    expect(versions(one, 'seals')).toEqual([2, 1]);
    const { rows } = await within(database.kysely, INSTALLATION, (tx) =>
      sql`select wrapped from purpose_key where purpose = 'links' and version = 1`.execute(tx),
    );
    expect(rows).toEqual([{ wrapped: null }]);
  });

  test('of a key that seals keeps the earlier one: for sessions that it signed, for what is being read', async () => {
    const one = await processWith();
    for (const purpose of ['staff', 'documents'] as const) {
      await one.rotating.rotate(purpose, { isCompromised: false });
      await becomeActive();
      expect(await one.rotating.endUnused(purpose)).toEqual([]);
    }
    await age(6);
    expect(await one.rotating.endUnused('documents')).toEqual([1]);
    expect(await one.rotating.endUnused('staff')).toEqual([]);
    await age(12 * 60);
    expect(await one.rotating.endUnused('staff')).toEqual([]);
    await age(60);
    expect(await one.rotating.endUnused('staff')).toEqual([1]);
    await one.rotating.rotate('staff', { isCompromised: true });
    expect(await one.rotating.endUnused('staff', { isAtOnce: true })).toEqual([2]);
    expect(await one.rotating.endUnused('links', { isAtOnce: true })).toEqual([]);
  });

  test('stands on the trail of every office', async () => {
    const one = await processWith();
    await one.rotating.rotate('webhooks', { isCompromised: false });
    const { rows } = await within(database.kysely, office, (tx) =>
      sql<{ action: string; data: object }>`
        select action, data from audit where action like 'key%' order by id desc limit 1`.execute(
        tx,
      ),
    );
    expect(rows).toEqual([
      { action: 'key_rotated', data: { purpose: 'webhooks', version: 2, compromised: false } },
    ]);
  });

  test('of the root key moves all keys, and processes that run go on', async () => {
    const next = randomBytes(32);
    const one = await processWith();
    const derived = one.keys.links.derive('x');
    expect(await one.rotating.moveTo(fileProvider(next))).toBe(PURPOSE_NAMES.length);
    expect(await one.rotating.moveTo(fileProvider(next))).toBe(0);
    await one.refresh();
    expect(one.keys.links.derive('x')).toBe(derived);
    expect((await processWith([next])).keys.links.derive('x')).toBe(derived);
    await expect(processWith([ROOT])).rejects.toThrow(/another root key/);
  });
});

describe('what citizens hold', () => {
  /** A booking by a process that has these keys. */
  const bookWith = async (key: PurposeKey, at = office) => {
    const { offices, slots, baseUrl, bookVideo } = testAppointments(database, clock);
    const made = createAppointments({
      ...{ database, offices, slots, clock, key, baseUrl, unit: testUnit(database.kysely, clock) },
    });
    const booked = await bookVideo(await offices.byId(at), made);
    return { made, booked };
  };

  test('opens after a rotation as before; once its key is retired it opens nothing, and the next notice does', async () => {
    const one = await processWith();
    const { made, booked } = await bookWith(one.keys.links);
    const sent = made.secretOf(booked);
    await one.rotating.rotate('links', { isCompromised: false });
    await becomeActive();
    await one.refresh();
    expect((await made.bySecret(sent))?.id).toBe(booked.id);
    expect(made.secretOf(booked)).toBe(sent);

    expect(await one.rotating.retire('links')).toEqual([1]);
    const secretOf = {
      appointment: made.secretOf,
      wait_list: () => randomUUID(),
      companion: () => randomUUID(),
      case: () => randomUUID(),
      cosigner: () => randomUUID(),
      chat: () => randomUUID(),
      request: () => randomUUID(),
      follower: () => randomUUID(),
    };
    await relink(database.kysely, one.keys.links, secretOf);
    expect(await relink(database.kysely, one.keys.links, secretOf)).toBe(0);
    expect(await made.bySecret(sent)).toBeNull();
    expect((await made.bySecret(made.secretOf(booked)))?.id).toBe(booked.id);
    expect(hashSecret(sent)).not.toEqual(hashSecret(made.secretOf(booked)));
  });

  test('opens whichever process booked it, while the key is rotated again and again', async () => {
    const [one, other] = [await processWith(), await processWith()];
    let isOver = false;
    const booking = async (by: typeof one, at: number) => {
      const links: { secret: string; id: string }[] = [];
      for (; !isOver || links.length < 3; ) {
        const { made, booked } = await bookWith(by.keys.links, at);
        links.push({ id: booked.id, secret: made.secretOf(booked) });
      }
      return links;
    };
    const all = Promise.all([booking(one, office), booking(other, elsewhere)]);
    for (let turn = 2; turn <= 5; turn++) {
      expect(await one.rotating.rotate('links', { isCompromised: false })).toMatchObject({
        version: turn,
      });
      // Each process reads it before it counts, and begins to derive by it when it reads it again.
      await Promise.all([one.refresh(), other.refresh()]);
      await becomeActive();
      await one.refresh();
    }
    isOver = true;
    const links = (await all).flat();
    const { offices, slots, baseUrl } = testAppointments(database, clock);
    const { keys } = await processWith();
    const later = createAppointments({
      ...{
        database,
        offices,
        slots,
        clock,
        key: keys.links,
        baseUrl,
        unit: testUnit(database.kysely, clock),
      },
    });
    for (const { id, secret } of links) {
      expect(later.secretOf({ id, link: 0 })).toBe(secret);
      expect((await later.bySecret(secret))?.id).toBe(id);
    }
  });

  test('the trail is sealed on by the new key and checked by both, and an old key seals nothing after it', async () => {
    const one = await processWith();
    const seals = createAuditSeals({ db: database.kysely, clock, key: one.keys.seals });
    await seals.seal(office);
    await one.rotating.rotate('seals', { isCompromised: true });
    await seals.seal(office);
    expect(await seals.verify(office)).toMatchObject({ ok: true });
    const old = one.keys.seals.live().at(-1)!;
    const forged = createAuditSeals({
      ...{ db: database.kysely, clock },
      key: { ...one.keys.seals, derive: old.derive },
    });
    await one.rotating.rotate('addresses', { isCompromised: false });
    await forged.seal(office);
    expect(await seals.verify(office)).toMatchObject({ ok: false, what: 'changed' });
  });
});
