import { expect, test } from 'vitest';
import { handClock } from '../../../lib/clock.ts';
import { sealTrails } from './jobs.ts';

test('each minute is sealed, and every ten minutes the log has the last seal of each office', async () => {
  const clock = handClock('2026-11-30T08:00:00Z');
  const lines: object[] = [];
  let number = 0;
  let isQuiet = false;
  const sealing = {
    offices: { list: async () => [{ id: 1, code: 'oac' }] },
    auditSeals: {
      seal: async () => (isQuiet ? null : { number: ++number, seal: Buffer.alloc(32, number) }),
    },
    clock,
    log: { info: (what: object) => void lines.push(what) },
  };
  const pass = async (minutes: number) => {
    for (let minute = 0; minute < minutes; minute++) {
      await sealTrails(sealing as never);
      clock.advance({ minutes: 1 });
    }
  };
  await pass(10);
  expect([number, lines.length]).toEqual([10, 1]);
  isQuiet = true;
  // The seals of the nine minutes since are owed to the log, although nothing is added.
  await pass(1);
  expect(lines).toHaveLength(2);
  expect(JSON.stringify(lines[1])).toContain('oac:10:');
  await pass(30);
  expect(lines).toHaveLength(2);
});
