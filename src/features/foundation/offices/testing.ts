import {
  DEFAULT_LOOK,
  DEFAULT_OUTCOMES,
  DEFAULT_WRAP_UP_CODES,
} from '../../../domain/office/defaults.ts';
import { DEFAULT_POLICIES, DEFAULT_TOWN } from '../../../domain/office/policies.ts';
import type { TownProcedure } from '../../../domain/office/schema.ts';
import type { OfficeSettings } from '../../../domain/office/types.ts';
import { type Db, INSTALLATION, within } from '../../../lib/db/database.ts';
import { LANGUAGES, type Texts } from '../../../lib/i18n/languages.ts';

const listed = (byCode: Record<string, { name: Texts }>) =>
  Object.entries(byCode).map(([code, each]) => ({ code, ...each }));

const named = (name: string) => ({ ca: name, es: name, en: name, eu: name });

export interface TestDesk {
  skills?: string[] | null;
  languages?: string[];
  channels?: string[];
  site?: string;
  /** Shifts from Monday to Friday; one from 09:00 to 14:00 by default. */
  shifts?: { from: string; to: string }[];
}

const abilitiesOf = ({ skills, languages, channels, site }: TestDesk) => ({
  skills: skills ?? null,
  languages: languages ?? [...LANGUAGES],
  channels: channels ?? ['phone', 'video'],
  site: site ?? null,
});

export interface TestOfficeOptions {
  code?: string;
  slots?: Partial<OfficeSettings['slots']>;
  settings?: Partial<OfficeSettings>;
  procedures?: Record<string, Partial<TownProcedure>>;
  desks?: Record<string, TestDesk>;
}

/**
 * A small office for tests, straight into the tables: one procedure `volant-padro` (15 minutes by phone, 20 by video) and
 * one desk `taula-1`, in the four languages, without public holidays. Answers its id.
 */
export function testOffice(db: Db, options: TestOfficeOptions = {}): Promise<number> {
  const { code = 'oac', procedures = { 'volant-padro': {} }, desks = { 'taula-1': {} } } = options;
  return within(db, INSTALLATION, async (tx) => {
    await tx
      .insertInto('town')
      .values({
        id: 1,
        settings: JSON.stringify({
          name: 'Vilaprova',
          timeZone: 'Europe/Madrid',
          languages: [...LANGUAGES],
          holidays: 'none',
          feastDays: [],
          openDays: [],
        }),
        applied_at: '2026-01-01T00:00:00Z',
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const office = await tx
      .insertInto('office')
      .values({
        code,
        position: 0,
        name: JSON.stringify(named(`Oficina ${code}`)),
        settings: JSON.stringify(testSettings(options)),
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    let position = 0;
    for (const [procedure, settings] of Object.entries(procedures)) {
      await tx
        .insertInto('procedure')
        .values({
          office_id: office.id,
          code: procedure,
          position: position++,
          settings: JSON.stringify(testProcedure(procedure, settings)),
        })
        .execute();
    }
    for (const [deskCode, desk] of Object.entries(desks)) {
      const { id } = await tx
        .insertInto('desk')
        .values({
          office_id: office.id,
          code: deskCode,
          name: deskCode,
          ...abilitiesOf(desk),
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      for (const shift of desk.shifts ?? [{ from: '09:00', to: '14:00' }]) {
        await tx
          .insertInto('shift')
          .values({
            office_id: office.id,
            desk_id: id,
            weekdays: [1, 2, 3, 4, 5],
            starts: shift.from,
            ends: shift.to,
            since: '2026-01-01',
          })
          .execute();
      }
    }
    return office.id;
  });
}

function testSettings({ code = 'oac', slots, settings }: TestOfficeOptions): OfficeSettings {
  return {
    name: named(`Oficina ${code}`),
    timeZone: 'Europe/Madrid',
    languages: [...LANGUAGES],
    holidays: 'none',
    feastDays: [],
    openDays: [],
    look: DEFAULT_LOOK,
    walkIn: [{ address: 'Plaça Major, 1', hours: named('9-14 h') }],
    otherWays: [],
    phone: { caller: '930000010', prefix: '' },
    slots: { leadMinutes: 60, horizonDays: 30, buffer: 5, starts: 'grid', ...slots },
    attempts: { max: 3, windowMinutes: 30, spacingMinutes: 10 },
    ...DEFAULT_TOWN,
    ...DEFAULT_POLICIES,
    booking: { openPerPerson: 50, holdsPerAddress: 50, challenge: 'never' },
    retention: {
      documentsHours: 72,
      contactDays: 30,
      notesDays: 365,
      evidenceDays: 1825,
      paymentDays: 2192,
    },
    themes: [],
    queries: [],
    outcomes: listed(DEFAULT_OUTCOMES),
    wrapUpCodes: listed(DEFAULT_WRAP_UP_CODES),
    ...settings,
  };
}

function testProcedure(code: string, settings: Partial<TownProcedure>): TownProcedure {
  return {
    kind: 'procedure',
    name: named(`Tràmit ${code}`),
    channels: { phone: 15, video: 20 },
    documents: [],
    checklist: [],
    combining: { alone: false, with: [] },
    identity: 'none',
    level: 'substantial',
    onBehalf: true,
    obligedElectronic: false,
    otherWays: [],
    keywords: {},
    ...settings,
  };
}
