import { expect, test } from 'vitest';
import { aboutWal, type WalFacts } from './wal.ts';

const GIGABYTE = 1024 ** 3;
const [earlier, later] = [new Date('2026-11-30T09:00:00Z'), new Date('2026-11-30T10:00:00Z')];
const archiving = {
  isMissing: false,
  takenAt: earlier,
  failedAt: null,
  takenFile: '0000000200000003000000FE',
  file: '0000000200000003000000FF',
  fileBytes: 16 * 1024 ** 2,
  askedAt: later,
};
const slot = { name: 'db2', isActive: true, kept: GIGABYTE - 1 };

test.each<[Partial<WalFacts>, string[], string]>([
  [{}, [], ''],
  [{ slots: [slot] }, [], ''],
  [{ archive: archiving }, ['right'], 'last at 2026-11-30T09:00:00.000Z'],
  [{ archive: { ...archiving, failedAt: later } }, ['wrong'], 'fails, last at 2026-11-30T10:00:00'],
  [{ archive: { ...archiving, takenAt: later, failedAt: earlier } }, ['right'], 'is archived'],
  [{ archive: { ...archiving, takenAt: null, failedAt: later } }, ['wrong'], 'never worked'],
  [{ archive: { ...archiving, takenAt: null } }, ['warning'], 'has archived nothing yet'],
  [{ archive: { ...archiving, isMissing: true } }, ['wrong'], 'nothing takes it'],
  [
    { archive: { ...archiving, file: '000000020000000400000000' } },
    ['wrong'],
    'still: 1 finished file waits',
  ],
  [
    { archive: { ...archiving, file: '000000030000000400000002' } },
    ['wrong'],
    'still: 3 finished files wait',
  ],
  [
    { archive: { ...archiving, file: '000000020000000400000000', fileBytes: 8 * 1024 ** 2 } },
    ['wrong'],
    'still: 257 finished files wait',
  ],
  [
    { archive: { ...archiving, file: '000000020000000400000002', askedAt: earlier } },
    ['right'],
    'is archived',
  ],
  [{ archive: { ...archiving, takenFile: archiving.file } }, ['right'], 'is archived'],
  [
    { archive: { ...archiving, takenFile: '0000000200000003000000FE.00000028.backup' } },
    ['right'],
    'is archived',
  ],
  [{ archive: { ...archiving, takenFile: '00000002.history' } }, ['right'], 'is archived'],
  [{ archive: { ...archiving, file: null } }, ['right'], 'is archived'],
  [{ slots: [{ ...slot, kept: GIGABYTE }] }, ['warning'], '1.0 GB are kept'],
  [{ slots: [{ ...slot, kept: 20 * GIGABYTE }] }, ['wrong'], 'is far behind'],
  [{ slots: [{ ...slot, isActive: false, kept: 2 * GIGABYTE }] }, ['warning'], 'nobody reads'],
  [{ slots: [{ ...slot, kept: null }] }, ['warning'], 'can’t go on'],
])('what the server keeps: %j', (facts, states, words) => {
  const findings = aboutWal({ archive: null, slots: [], ...facts });
  expect(findings.map(({ state }) => state)).toEqual(states);
  expect(findings.map((each) => each.words).join()).toContain(words);
});
