import type { TownFile } from '../../src/domain/office/schema.ts';
import type { Office } from '../../src/domain/office/types.ts';
import { checkTownFile } from '../../src/formats/town-file/reading/check.ts';
import type { StaffViewer } from '../../src/lib/viewer.ts';

/** A Monday morning in winter; twelve weeks from it hold no change of the clock. */
export const NOW = Temporal.Instant.from('2026-01-05T06:00:00Z');
export const FIRST_DAY = Temporal.PlainDate.from('2026-01-05');
export const OFFICE = 'oac';
const DESKS = 200;

interface TownOptions {
  horizonDays: number;
  /** Neither absences nor closures. */
  always?: boolean;
  /** 200 unless it says so. */
  desks?: number;
}

/** The procedures that some agents serve, so that 60 or 70 qualify for each, and the one that all 200 do. */
export const SHARED = ['volant-padro', 'tributs', 'serveis-socials'] as const;
export const FOR_ALL = 'informacio';

/** Every procedure takes 15 minutes and a buffer of 5; every desk has 15 starts a day, 9 to 14 h. */
export const MINUTES = 15;
export const BUFFER = 5;
export const STARTS_A_DAY = 15;

/** Desks and days as a town file: 200 agents, weekly shifts, absences and closures unless `always`. */
export function benchTown(options: TownOptions): TownFile {
  const checked = checkTownFile(townText(options));
  if (checked.ok) return checked.town;
  throw new Error(checked.mistakes.map((each) => `line ${each.line}: ${each.message}`).join('\n'));
}

/** The same as text (JSON, which is YAML too), for TOWN_FILE. */
export function townText(options: TownOptions): string {
  const codes = Array.from({ length: options.desks ?? DESKS }, (_, index) => `taula-${index + 1}`);
  const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri'];
  const since = '2025-01-01';
  const shifts = codes.map((desk) => ({ desk, weekdays, from: '09:00', to: '14:00', since }));
  const afternoons = codes
    .filter((_, index) => index % 3 === 0)
    .map((desk) => ({ desk, weekdays: ['tue', 'thu'], from: '16:00', to: '18:30', since }));
  return JSON.stringify({
    town: {
      name: 'Vilaprova',
      timeZone: 'Europe/Madrid',
      languages: ['ca', 'es'],
      holidays: 'none',
    },
    offices: {
      [OFFICE]: {
        name: inBoth('Oficina d’Atenció Ciutadana'),
        walkIn: [{ address: 'Plaça de la Vila, 1', hours: inBoth('9-14 h') }],
        phone: { caller: '+34 930 100 012' },
        slots: {
          leadMinutes: 60,
          horizonDays: options.horizonDays,
          buffer: BUFFER,
          starts: 'grid',
        },
        closures: options.always
          ? []
          : [{ date: '2026-01-20' }, { from: '2026-01-29', to: '2026-01-30' }],
        procedures: Object.fromEntries(
          [...SHARED, FOR_ALL].map((code) => [
            code,
            { name: inBoth(`Tràmit ${code}`), channels: { phone: MINUTES, video: MINUTES } },
          ]),
        ),
        desks: Object.fromEntries(
          codes.map((code, index) => [
            code,
            {
              name: code,
              skills: [SHARED[index < 60 ? 0 : index < 130 ? 1 : 2], FOR_ALL],
              languages: ['ca', 'es'],
              channels: ['phone', 'video'],
            },
          ]),
        ),
        shifts: options.always ? shifts : [...shifts, ...afternoons],
        absences: options.always ? [] : codes.flatMap(absences),
      },
    },
  });
}

/** Returns the viewer for what a coordinator sees of the office. */
export const coordinatorOf = (office: Office): StaffViewer => ({
  kind: 'staff',
  staff: 1,
  name: 'Núria',
  office: office.id,
  role: 'coordinator',
  desk: null,
});

const inBoth = (text: string) => ({ ca: text, es: text });

/** A morning's training for each, and a week's holidays for every fifth. */
function absences(desk: string, index: number) {
  const day = (offset: number) => FIRST_DAY.add({ days: offset }).toString();
  const training = { desk, from: `${day(index % 25)}T09:00`, to: `${day(index % 25)}T11:00` };
  const week = { desk, from: day(7 + (index % 3) * 7), to: day(11 + (index % 3) * 7) };
  return index % 5 === 0 ? [training, week] : [training];
}
