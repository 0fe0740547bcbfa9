import { describe, expect, test } from 'vitest';
import type { AddressKind } from '../../../domain/address.ts';
import { cameOf } from './history.ts';
import {
  addressHash,
  codeWay,
  couldBeCitizen,
  FREEZE_HOURS,
  insidersOf,
  maskAddress,
  standingOf,
} from './rules.ts';
import type { AddressStanding, Reached, Standing, Step } from './types.ts';

const NOW = Temporal.Instant.from('2026-11-30T09:00:00Z');
const HER_PHONE = '+34600000078';
const HIS_PHONE = '+34611111111';
const HER_EMAIL = 'rosa@example.cat';
const HIS_EMAIL = 'mallory@example.cat';
const AGENT = 'staff:7';
const COLLEAGUE = 'staff:8';

const hash = (address: string) => addressHash('a', address);
const ago = (hours: number) => NOW.subtract({ hours });

function reached(citizen: Partial<Reached['citizen']> = {}): Reached {
  return {
    id: 'a',
    office: 1,
    link: 0,
    citizen: { email: HER_EMAIL, phone: HER_PHONE, ...citizen },
  };
}

function step(kind: Step['kind'], over: Partial<Step> = {}): Step {
  return {
    kind,
    at: ago(1),
    actor: AGENT,
    address: 'phone',
    hash: null,
    before: null,
    proved: false,
    link: null,
    toldAt: null,
    ...over,
  };
}

/** Somebody changed the telephone from hers to his an hour ago, of which she has been told since. */
const changed = (over: Partial<Step> = {}) =>
  step('set', { hash: hash(HIS_PHONE), before: hash(HER_PHONE), toldAt: ago(1), ...over });

const phoneAfter = (...steps: Step[]): AddressStanding =>
  standingOf(reached({ phone: HIS_PHONE }), 'citizen', steps, NOW).phone!;

describe('an address', () => {
  test('of the booking is trusted, and it is kept who gave it', () => {
    const mine = { setBy: 'citizen', setAt: null, state: 'trusted', until: null, heldBy: [] };
    expect(standingOf(reached(), 'citizen', [], NOW)).toEqual({
      email: mine,
      phone: mine,
      copies: [],
    });
    const theirs = standingOf(reached(), AGENT, [], NOW);
    expect(theirs.phone).toEqual({ ...mine, setBy: AGENT, heldBy: [AGENT] });
  });

  test('that somebody has not, does not stand', () =>
    expect(standingOf(reached({ phone: null }), 'citizen', [], NOW).phone).toBeNull());

  test.each([
    ['a member of staff', { actor: AGENT }, [AGENT]],
    ['a token', { actor: 'token:2' }, ['token:2']],
    ['whoever has the link alone', { actor: 'citizen' }, []],
  ])('that %s changed is frozen until a day after the one before was told', (_, by, heldBy) => {
    const until = ago(1).add({ hours: FREEZE_HOURS });
    expect(phoneAfter(changed(by))).toMatchObject({ state: 'frozen', until, heldBy });
    const later = phoneAfter(changed({ ...by, at: ago(FREEZE_HOURS), toldAt: ago(FREEZE_HOURS) }));
    expect(later).toMatchObject({ state: 'trusted', until: null, heldBy });
    const almost = ago(FREEZE_HOURS).add({ seconds: 1 });
    expect(phoneAfter(changed({ ...by, toldAt: almost })).state).toBe('frozen');
  });

  test('stays frozen while nobody has been told', () => {
    const old = phoneAfter(changed({ at: ago(1000), toldAt: null }));
    expect(old).toMatchObject({ state: 'frozen', until: null });
  });

  test('that the citizen changed, proved, is trusted at once, and the one before no more', () => {
    const moved = changed({ actor: 'citizen', proved: true });
    expect(phoneAfter(moved)).toMatchObject({ state: 'trusted', setBy: 'citizen', heldBy: [] });
    const back = step('set', { hash: hash(HER_PHONE), before: hash(HIS_PHONE) });
    const again = standingOf(reached(), 'citizen', [moved, back], NOW).phone;
    expect(again?.state).toBe('frozen');
  });

  test('that comes back to where it was trusted is trusted again', () => {
    const back = step('set', { hash: hash(HER_PHONE), before: hash(HIS_PHONE), actor: COLLEAGUE });
    const again = standingOf(reached(), 'citizen', [changed(), back], NOW).phone;
    expect(again).toMatchObject({ state: 'trusted', setBy: 'citizen' });
    const forth = changed({ actor: COLLEAGUE, toldAt: null });
    expect(phoneAfter(changed(), back, forth).state).toBe('frozen');
  });

  test.each(['confirmed', 'vouched'] as const)(
    'that was %s is trusted, and nobody holds it alone',
    (kind) => {
      const by = step(kind, { hash: hash(HIS_PHONE), actor: COLLEAGUE });
      expect(phoneAfter(changed(), by)).toMatchObject({
        state: 'trusted',
        setBy: AGENT,
        heldBy: [],
      });
    },
  );

  test('that is disputed is frozen for good, also when its day is over, until somebody answers for it', () => {
    const long = { at: ago(100), toldAt: ago(100) };
    const disputed = step('disputed', { hash: hash(HIS_PHONE), actor: 'addressee', at: ago(2) });
    expect(phoneAfter(changed(long), disputed)).toMatchObject({ state: 'frozen', until: null });
    const vouched = step('vouched', { hash: hash(HIS_PHONE), actor: COLLEAGUE });
    expect(phoneAfter(changed(long), disputed, vouched).state).toBe('trusted');
  });

  test('that was confirmed once says nothing of another', () => {
    const confirmed = step('confirmed', { hash: hash(HIS_PHONE) });
    const other = changed({ hash: hash('+34622222222'), before: hash(HIS_PHONE) });
    const found = standingOf(
      reached({ phone: '+34622222222' }),
      'citizen',
      [changed(), confirmed, other],
      NOW,
    );
    expect(found.phone?.state).toBe('frozen');
  });

  test('that was written past the service is frozen', () =>
    expect(
      phoneAfter(step('set', { hash: hash('+34622222222'), before: hash(HER_PHONE) })),
    ).toMatchObject({
      state: 'frozen',
      until: null,
    }));

  test('that was set where another one waited goes on with what was said of that one', () => {
    const third = '+34622222222';
    const first = changed({ at: ago(3), toldAt: ago(2) });
    const second = step('set', {
      ...{ hash: hash(third), before: hash(HIS_PHONE), at: ago(1), toldAt: ago(1) },
    });
    const thirdOf = (...steps: Step[]) =>
      standingOf(reached({ phone: third }), 'citizen', steps, NOW).phone;
    expect(thirdOf(first, second)?.until).toEqual(ago(1).add({ hours: FREEZE_HOURS }));
    expect(thirdOf({ ...first, toldAt: null }, second)?.until).toBeNull();
    const disputed = step('disputed', { hash: hash(HIS_PHONE), actor: 'addressee', at: ago(2) });
    expect(thirdOf(first, disputed, second)).toMatchObject({ state: 'frozen', until: null });
  });

  test('that was trusted by time alone is trusted no more once it was left', () => {
    const long = changed({ at: ago(100), toldAt: ago(100) });
    const back = step('set', { hash: hash(HER_PHONE), before: hash(HIS_PHONE), at: ago(50) });
    const forth = changed({ at: ago(1), toldAt: ago(1) });
    expect(phoneAfter(long).state).toBe('trusted');
    expect(phoneAfter(long, back, forth).state).toBe('frozen');
  });

  test('changes nothing about the other', () => {
    const found = standingOf(reached({ phone: HIS_PHONE }), 'citizen', [changed()], NOW);
    expect(found.email?.state).toBe('trusted');
  });
});

describe('who was told of a change can object to what stands', () => {
  const third = hash('+34622222222');
  const told = { address: 'phone', hash: hash(HIS_PHONE) } as const;
  const on = step('set', { hash: third, before: hash(HIS_PHONE) });

  test('also when it was changed again', () => {
    expect(cameOf([changed()], told, told.hash)).toBe(true);
    expect(cameOf([changed(), on], told, third)).toBe(true);
    const none = step('set', { hash: null, before: hash(HIS_PHONE) });
    const again = step('set', { hash: third, before: null });
    expect(cameOf([changed(), none, again], told, third)).toBe(true);
  });

  test('not when it is as it was, nor when somebody has answered for it since', () => {
    const back = step('set', { hash: hash(HER_PHONE), before: hash(HIS_PHONE) });
    expect(cameOf([changed(), back], told, hash(HER_PHONE))).toBe(false);
    expect(cameOf([changed(), { ...on, proved: true }], told, third)).toBe(false);
    const vouched = step('vouched', { hash: hash(HIS_PHONE), actor: COLLEAGUE });
    expect(cameOf([changed(), vouched, on], told, third)).toBe(false);
    expect(cameOf([changed({ proved: true }), on], told, third)).toBe(false);
  });
});

describe('a code goes', () => {
  const all = () => true;
  const none = () => false;
  const way = (
    citizen: Reached['citizen'],
    states: Partial<Record<AddressKind, AddressStanding['state']>> = {},
    isReached = all,
    until: Temporal.Instant | null = null,
  ) => {
    const at = (kind: AddressKind): AddressStanding | null =>
      citizen[kind] === null
        ? null
        : { setBy: 'citizen', setAt: null, state: states[kind] ?? 'trusted', until, heldBy: [] };
    const standing = { email: at('email'), phone: at('phone'), copies: [] };
    return codeWay({ citizen }, standing, isReached);
  };
  const both = { email: HER_EMAIL, phone: HER_PHONE };
  const to = (channel: string, recipient: string) => ({
    ok: true,
    way: { channel, recipient, setBy: 'citizen' },
  });

  test('by SMS, since the link went by mail', () =>
    expect(way(both)).toEqual(to('sms', HER_PHONE)));
  test('by mail, where no SMS goes to the number', () =>
    expect(way(both, {}, none)).toEqual(to('email', HER_EMAIL)));
  test('by mail, where there is no telephone', () =>
    expect(way({ email: HER_EMAIL, phone: null })).toEqual(to('email', HER_EMAIL)));
  test('by SMS, where there is nothing else', () =>
    expect(way({ email: null, phone: HER_PHONE })).toEqual(to('sms', HER_PHONE)));
  test('to the other address while one is frozen', () => {
    expect(way(both, { phone: 'frozen' })).toEqual(to('email', HER_EMAIL));
    expect(way(both, { email: 'frozen' })).toEqual(to('sms', HER_PHONE));
  });
  test('nowhere, where there is no address that it reaches', () =>
    expect(way({ email: null, phone: HER_PHONE }, {}, none)).toEqual({
      ok: false,
      reason: 'none',
    }));
  test('nowhere while all are frozen, and it is said until when', () => {
    const frozen = { email: 'frozen', phone: 'frozen' } as const;
    expect(way(both, frozen)).toEqual({ ok: false, reason: 'frozen', until: null });
    expect(way(both, frozen, all, NOW)).toEqual({ ok: false, reason: 'frozen', until: NOW });
  });
});

describe('somebody who works here could be the citizen', () => {
  const standing = (over: Partial<Standing> = {}): Standing => ({
    ...standingOf(reached(), 'citizen', [], NOW),
    ...over,
  });

  test('who changed an address, also once it is trusted by time', () => {
    const phone = phoneAfter(changed({ at: ago(48), toldAt: ago(48) }));
    expect(phone.state).toBe('trusted');
    expect(couldBeCitizen(AGENT, standing({ phone }))).toBe(true);
    expect(couldBeCitizen(COLLEAGUE, standing({ phone }))).toBe(false);
  });

  test('who booked in their name', () => {
    const booked = standingOf(reached(), AGENT, [], NOW);
    expect(couldBeCitizen(AGENT, booked)).toBe(true);
    expect(insidersOf(booked)).toEqual([AGENT]);
  });

  test('who was given the link, until it is replaced', () => {
    const printed = step('link_given', { address: null, link: 0 });
    const now = standingOf(reached(), 'citizen', [printed], NOW);
    expect(couldBeCitizen(AGENT, now)).toBe(true);
    expect(insidersOf(now)).toEqual([AGENT]);
    const replaced = standingOf({ ...reached(), link: 1 }, 'citizen', [printed], NOW);
    expect(couldBeCitizen(AGENT, replaced)).toBe(false);
  });

  test('who could have typed the code by which it was set or confirmed', () => {
    const other = step('set', {
      ...{ actor: 'citizen', proved: true, hash: hash(HIS_PHONE), before: hash(HER_PHONE) },
    });
    const email = { ...other, address: 'email', hash: hash(HIS_EMAIL), before: hash(HER_EMAIL) };
    const his = reached({ phone: HIS_PHONE, email: HIS_EMAIL });
    const laundered = standingOf(his, AGENT, [email as Step, other], NOW);
    expect(laundered.phone).toMatchObject({ state: 'trusted', setBy: 'citizen' });
    expect(couldBeCitizen(AGENT, laundered)).toBe(true);
    const hers = standingOf(his, 'citizen', [email as Step, other], NOW);
    expect(insidersOf(hers)).toEqual([]);
    const confirmed = step('confirmed', { actor: 'citizen', hash: hash(HIS_PHONE) });
    const phone = standingOf(
      reached({ phone: HIS_PHONE }),
      AGENT,
      [changed({ actor: COLLEAGUE }), confirmed],
      NOW,
    ).phone;
    expect(phone?.heldBy).toEqual([AGENT]);
  });

  test('who held the address that was taken away in the same change', () => {
    const proved = { actor: 'citizen', proved: true };
    const gone = step('set', { ...proved, address: 'email', before: hash(HER_EMAIL) });
    const other = step('set', { ...proved, hash: hash(HIS_PHONE) });
    const his = reached({ email: null, phone: HIS_PHONE });
    expect(couldBeCitizen(AGENT, standingOf(his, AGENT, [gone, other], NOW))).toBe(true);
  });

  test('who was given the link by which an address was set, also once that made another link', () => {
    const printed = step('link_given', { address: null, link: 0, at: ago(3) });
    const email = step('set', {
      ...{ actor: 'citizen', address: 'email', at: ago(2) },
      ...{ hash: hash(HIS_EMAIL), before: hash(HER_EMAIL), link: 1 },
    });
    const his = { ...reached({ email: HIS_EMAIL }), link: 1 };
    const found = standingOf(his, 'citizen', [printed, email], NOW);
    expect(couldBeCitizen(AGENT, found)).toBe(true);
    const vouched = step('vouched', { address: 'email', hash: hash(HIS_EMAIL), actor: COLLEAGUE });
    expect(insidersOf(standingOf(his, 'citizen', [printed, email, vouched], NOW))).toEqual([]);
    const proved = standingOf(his, 'citizen', [printed, { ...email, proved: true }], NOW);
    expect(insidersOf(proved)).toEqual([]);
  });

  test('who was given the link, after a colleague adds an address that leaves that link valid', () => {
    const printed = step('link_given', { address: null, link: 0, at: ago(4) });
    const added = (link: number) =>
      step('set', {
        ...{ actor: COLLEAGUE, address: 'email', at: ago(3) },
        ...{ hash: hash(HER_EMAIL), before: null, link },
      });
    const moved = (link: number) => changed({ actor: 'citizen', at: ago(2), link });
    const holders = (link: number) => {
      const his = { ...reached({ phone: HIS_PHONE }), link };
      return standingOf(his, 'citizen', [printed, added(link), moved(link)], NOW).phone?.heldBy;
    };
    expect(holders(0)).toEqual([COLLEAGUE, AGENT]);
    expect(holders(1)).toEqual([COLLEAGUE]);
  });

  test('nobody who was given a link that a corrected mobile ended', () => {
    const printed = step('link_given', { address: null, link: 0, at: ago(4) });
    const mobile = changed({ actor: COLLEAGUE, at: ago(3), link: 1 });
    const email = step('set', {
      ...{ actor: 'citizen', address: 'email', at: ago(2) },
      ...{ hash: hash(HIS_EMAIL), before: null, link: 1 },
    });
    const his = { ...reached({ phone: HIS_PHONE, email: HIS_EMAIL }), link: 1 };
    expect(insidersOf(standingOf(his, 'citizen', [printed, mobile, email], NOW))).toEqual([
      COLLEAGUE,
    ]);
  });

  test('and nobody else', () => {
    expect(couldBeCitizen(AGENT, standing())).toBe(false);
    expect(insidersOf(standing())).toEqual([]);
  });
});

test('an address is told to whoever knows it, and given away to nobody', () => {
  expect(maskAddress({ channel: 'sms', recipient: HER_PHONE })).toBe('078');
  expect(maskAddress({ channel: 'email', recipient: HER_EMAIL })).toBe('r•••@example.cat');
  expect(hash(HER_EMAIL)).not.toBe(addressHash('b', HER_EMAIL));
  expect(hash(HIS_EMAIL)).toMatch(/^[0-9a-f]{64}$/);
});
