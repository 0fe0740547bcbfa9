import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readConfig } from '../../../config.ts';
import { aboutForeign, aboutKept, lookAtKept } from './kept.ts';

const NOW = Temporal.Instant.from('2026-11-30T09:00:00Z');
const CONTACT = { office: 'oac', key: 'retention.contactDays', days: 30 };
const usual = readConfig({ BACKUP_FOLDER: '/backups', DEMO: '1' });

test.each([
  [{ days: 7, weeks: 3, months: 0 }, 21, CONTACT.days, 'right'],
  [
    { days: 7, weeks: 4, months: 3 },
    1,
    CONTACT.days,
    'warning: BACKUP_KEEP keeps backups for up to 93 days',
  ],
  [{ days: 7, weeks: 3, months: 0 }, 1, 14, 'warning: BACKUP_KEEP keeps backups for up to 21 days'],
  [
    { days: 7, weeks: 3, months: 0 },
    90,
    CONTACT.days,
    'warning: The oldest backup was made 90 days ago',
  ],
  [null, 90, CONTACT.days, 'warning: The oldest backup was made 90 days ago'],
  [null, 3, CONTACT.days, 'right'],
])('what backups keep longer than the town %#', (keep, age, days, expected) => {
  const oldest = NOW.subtract({ hours: 24 * age });
  const { state, words } = aboutKept({ keep }, oldest, { ...CONTACT, days }, NOW);
  expect(`${state}: ${words}`).toContain(expected);
});

test('the usual number is less than the usual period', () => {
  expect(aboutKept(usual.backups!, null, CONTACT, NOW).state).toBe('right');
});

test('the oldest of the town is looked for where its backups are, and not those of others', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'finestreta-kept-'));
  writeFileSync(join(folder, 'finestreta-cita.vilaclara.cat-20260101T023000Z-k3f2x7qa.gz.age'), '');
  const look = (host: string) =>
    lookAtKept(
      { backups: { ...usual.backups!, to: { folder } }, baseUrl: `https://${host}` },
      { shortest: CONTACT, own: 'k3f2x7qa' },
      NOW,
    );
  expect((await look('cita.vilaclara.cat'))[0]?.words).toContain('made 333 days ago');
  expect((await look('cita.vilanova.cat'))[0]?.state).toBe('right');
  rmSync(folder, { recursive: true });
});

const made = (installation: string, at: string) => ({
  ...{ name: `${installation} ${at}`, installation },
  madeAt: Temporal.Instant.from(at),
});

test.each([
  ['alone', [made('own', '2026-11-29T02:30:00Z')], []],
  [
    'after a restore',
    [made('old', '2026-11-28T02:30:00Z'), made('own', '2026-11-29T02:30:00Z')],
    ['warning'],
  ],
  ['restored today', [made('old', '2026-11-28T02:30:00Z')], ['warning']],
  [
    'beside a rehearsal that goes on',
    [made('own', '2026-11-28T02:30:00Z'), made('copy', '2026-11-29T02:30:00Z')],
    ['wrong'],
  ],
])('backups of another installation: %s', (_, kept, states) => {
  expect(aboutForeign(kept, 'own').map(({ state }) => state)).toEqual(states);
});
