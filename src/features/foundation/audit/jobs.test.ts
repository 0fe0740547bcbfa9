import { expect, test } from 'vitest';
import { handClock } from '../../../lib/clock.ts';
import { sealTrails, tellOwedSeals } from './jobs.ts';

/** The trail of one office, of which each minute has something new until it is `quiet`, and what processes write about it. */
function sealedTown() {
  const clock = handClock('2026-11-30T08:00:00Z');
  const lines: object[] = [];
  const stored = { number: 0, isQuiet: false };
  const last = async () =>
    stored.number > 0 ? { number: stored.number, seal: Buffer.alloc(32, stored.number) } : null;
  /** Returns a process: what passes so many minutes, and what stops it. */
  const startProcess = () => {
    const seal = async () => {
      if (stored.isQuiet) return null;
      stored.number++;
      return last();
    };
    const sealing = {
      offices: { list: async () => [{ id: 1, code: 'oac' }] },
      auditSeals: { seal, last },
      clock,
      log: { info: (what: object) => void lines.push(what) },
    } as never;
    return {
      pass: async (minutes: number) => {
        for (let minute = 0; minute < minutes; minute++) {
          await sealTrails(sealing);
          clock.advance({ minutes: 1 });
        }
      },
      stop: () => tellOwedSeals(sealing),
    };
  };
  return { stored, lines, startProcess, lastLine: () => JSON.stringify(lines.at(-1)) };
}

test('each minute is sealed, and every ten minutes the log has the last seal of each office', async () => {
  const { stored, lines, startProcess, lastLine } = sealedTown();
  const { pass } = startProcess();
  await pass(10);
  expect([stored.number, lines.length]).toEqual([10, 1]);
  stored.isQuiet = true;
  // The seals of the nine minutes since are owed to the log, although nothing is added.
  await pass(1);
  expect(lines).toHaveLength(2);
  expect(lastLine()).toContain('oac:10:');
  await pass(30);
  expect(lines).toHaveLength(2);
});

test('what a process owes to the log is written when it stops, and after a crash by the next one', async () => {
  const { stored, lines, startProcess, lastLine } = sealedTown();
  const first = startProcess();
  await first.pass(5);
  expect(lastLine()).toContain('oac:1:');
  await first.stop();
  expect(lastLine()).toContain('oac:5:');
  await first.stop();
  expect(lines).toHaveLength(2);

  await startProcess().pass(4);
  stored.isQuiet = true;
  const third = startProcess();
  await third.pass(1);
  expect(lastLine()).toContain('oac:9:');
  await third.pass(30);
  await third.stop();
  expect(lines).toHaveLength(4);
});

test('a trail that can’t be sealed doesn’t hold up the others', async () => {
  const lines: object[] = [];
  const seal = async (id: number) => {
    if (id === 1) throw new Error('stuck');
    return { number: 1, seal: Buffer.alloc(32) };
  };
  const sealing = {
    offices: {
      list: async () => [
        { id: 1, code: 'oac' },
        { id: 2, code: 'hisenda' },
      ],
    },
    auditSeals: { seal, last: async () => null },
    clock: handClock('2026-11-30T08:00:00Z'),
    log: { info: (what: object) => void lines.push(what) },
  } as never;
  await expect(sealTrails(sealing)).rejects.toThrow('stuck');
  expect(JSON.stringify(lines)).toContain('hisenda:1:');
});

test('a trail without a seal is nothing to write about', async () => {
  const { stored, lines, startProcess } = sealedTown();
  stored.isQuiet = true;
  const { pass, stop } = startProcess();
  await pass(11);
  await stop();
  expect(lines).toEqual([]);
});
