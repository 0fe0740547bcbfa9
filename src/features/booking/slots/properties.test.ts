import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestTowns } from './digest-towns.ts';
import { plainSlots } from './plain-calculator.ts';
import { randomTown } from './random-town.ts';
import { bookableDays, desksFor, instantOf, mergeIntervals } from './rules.ts';
import { slotsWithDesks } from './testing.ts';
import type { Busy } from './types.ts';

const run = promisify(execFile);

function booked(busy: Busy, desk: number, start: number, end: number): Busy {
  const more = new Map(busy);
  more.set(desk, mergeIntervals([...(busy.get(desk) ?? []), start, end]));
  return more;
}

describe('the slots of random towns', () => {
  it('are those of the plain calculator', () => {
    let slots = 0;
    fc.assert(
      fc.property(randomTown, ({ rota, policy, query, busy, now }) => {
        const found = slotsWithDesks(rota, policy, query, busy, now);
        expect(found).toEqual(plainSlots(rota, policy, query, busy, now));
        slots += found.length;
      }),
      { numRuns: 3000 },
    );
    expect(slots, 'towns must have slots for this to mean anything').toBeGreaterThan(15_000);
  }, 300_000);

  it('lie within the bookable days, in order, with agents in the order of the rota', () => {
    fc.assert(
      fc.property(randomTown, ({ rota, policy, query, busy, now }) => {
        const { first, last } = bookableDays(policy, rota.timeZone, now);
        const found = slotsWithDesks(rota, policy, query, busy, now);
        for (const [i, slot] of found.entries()) {
          const local = instantOf(slot.start).toZonedDateTimeISO(rota.timeZone);
          const day = local.toPlainDate().toString();
          expect(day >= first && day <= last && day >= query.from && day <= query.to).toBe(true);
          expect(slot.end - slot.start).toBe(query.duration);
          expect(slot.start).toBeGreaterThan(found[i - 1]?.start ?? 0);
          expect(slot.desks).toEqual([...new Set(slot.desks)].sort((a, b) => a - b));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('name exactly the agents that desksFor names, at every minute around a start', () => {
    fc.assert(
      fc.property(randomTown, ({ rota, policy, query, busy, now }) => {
        const found = slotsWithDesks(rota, policy, query, busy, now);
        const byStart = new Map(found.map(({ start, desks }) => [start, desks]));
        for (const { start } of found.slice(0, 20)) {
          for (let t = start - 1; t <= start + 1; t++) {
            const day = instantOf(t).toZonedDateTimeISO(rota.timeZone).toPlainDate().toString();
            if (day < query.from || day > query.to) continue;
            expect(desksFor(rota, policy, query, t, busy, now)).toEqual(byStart.get(t) ?? []);
          }
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('do not depend on which days are asked for together', () => {
    fc.assert(
      fc.property(randomTown, ({ rota, policy, query, busy, now }) => {
        const whole = slotsWithDesks(rota, policy, query, busy, now);
        const parts = [];
        const last = Temporal.PlainDate.from(query.to);
        let day = Temporal.PlainDate.from(query.from);
        for (; Temporal.PlainDate.compare(day, last) <= 0; day = day.add({ days: 1 })) {
          const only = { ...query, from: day.toString(), to: day.toString() };
          parts.push(...slotsWithDesks({ ...rota }, policy, only, busy, now));
        }
        expect(parts).toEqual(whole);
      }),
      { numRuns: 500 },
    );
  });

  it('do not depend on what the same rota was asked before', () => {
    const question = fc.record({
      buffer: fc.constantFrom(0, 30),
      duration: fc.constantFrom(15, 20),
      horizonDays: fc.constantFrom(0, 5),
      hours: fc.integer({ min: -100, max: 100 }),
    });
    fc.assert(
      fc.property(randomTown, fc.array(question, { minLength: 2, maxLength: 4 }), (town, asked) => {
        for (const { buffer, duration, horizonDays, hours } of asked) {
          const policy = { ...town.policy, buffer, horizonDays, step: 35 };
          const query = { ...town.query, duration };
          const now = town.now.add({ hours });
          const found = slotsWithDesks(town.rota, policy, query, town.busy, now);
          expect(found).toEqual(slotsWithDesks({ ...town.rota }, policy, query, town.busy, now));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('give one agent less, and nothing more, when one is booked on the grid', () => {
    fc.assert(
      fc.property(randomTown, fc.nat(), (town, pick) => {
        const { rota, query, busy, now } = town;
        const policy = { ...town.policy, starts: 'grid' as const };
        const before = slotsWithDesks(rota, policy, query, busy, now);
        const slot = before[pick % Math.max(1, before.length)];
        if (!slot) return;
        const desk = slot.desks[pick % slot.desks.length] ?? 0;
        const taken = booked(busy, desk, slot.start, slot.end + policy.buffer);
        const after = slotsWithDesks(rota, policy, query, taken, now);
        const left = new Map(after.map(({ start, desks }) => [start, desks]));
        for (const { start, desks } of before) {
          const others = desks.filter((id) => id !== desk);
          const now = left.get(start) ?? [];
          expect(now.filter((id) => id !== desk)).toEqual(others);
          expect(desks).toEqual(expect.arrayContaining([...now]));
          if (start + query.duration + policy.buffer <= slot.start) expect(now).toEqual(desks);
        }
        expect(left.get(slot.start) ?? []).toEqual(slot.desks.filter((id) => id !== desk));
        expect(after.every(({ start }) => before.some((slot) => slot.start === start))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('stay offered on the grid, as they are, until the lead time passes them', () => {
    fc.assert(
      fc.property(randomTown, fc.nat(1000), (town, minutes) => {
        const { rota, query, busy, now } = town;
        const policy = { ...town.policy, starts: 'grid' as const };
        const later = now.add({ minutes });
        const day = (at: Temporal.Instant) => at.toZonedDateTimeISO(rota.timeZone).toPlainDate();
        fc.pre(day(now).equals(day(later)));
        const earliest = later.add({ minutes: policy.leadMinutes });
        const still = slotsWithDesks(rota, policy, query, busy, now).filter(
          ({ start }) => Temporal.Instant.compare(instantOf(start), earliest) >= 0,
        );
        expect(slotsWithDesks(rota, policy, query, busy, later)).toEqual(still);
      }),
      { numRuns: 500 },
    );
  });

  it('never overlap when booked one after the other until none is left', () => {
    fc.assert(
      fc.property(randomTown, ({ rota, policy, query, busy, now }) => {
        let taken = busy;
        for (let round = 0; round < 15; round++) {
          const slot = slotsWithDesks(rota, policy, query, taken, now)[0];
          const desk = slot?.desks[0];
          if (!slot || desk === undefined) return;
          const end = slot.end + policy.buffer;
          const flat = taken.get(desk) ?? [];
          for (let i = 0; i < flat.length; i += 2) {
            expect(Number(flat[i + 1]) <= slot.start || Number(flat[i]) >= end).toBe(true);
          }
          taken = booked(taken, desk, slot.start, end);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('the time zone of the server', () => {
  it('changes no answer', async () => {
    const script = fileURLToPath(new URL('./digest-towns.ts', import.meta.url));
    const zones = ['UTC', 'Europe/Madrid', 'America/New_York', 'Pacific/Apia'];
    const answers = await Promise.all(
      zones.map(async (TZ) => {
        const args = [script, '2026', '300'];
        const { stdout } = await run(process.execPath, args, { env: { ...process.env, TZ } });
        return stdout;
      }),
    );
    expect(answers).toEqual(zones.map(() => digestTowns(2026, 300)));
  }, 115_000);
});
