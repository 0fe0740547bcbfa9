import { CHANNELS, type Channel } from '../../../domain/channel.ts';
import { ENCOUNTER_LANGUAGES } from '../../../lib/i18n/languages.ts';
import { type Cell, type Place, type Published, publish } from './publishing.ts';
import type { Counts } from './types.ts';

export const INDICATORS = [
  'appointments',
  'attended',
  'missed',
  'cancelled',
  'open',
  'procedures',
  'queries',
  'wait',
  'delay',
  'length',
  'answers',
  'scoreLow',
  'scoreMiddle',
  'scoreHigh',
  'scoreNone',
  'solvedYes',
  'solvedPartly',
  'solvedNo',
  'solvedNone',
  'cases',
  'casesOnline',
  'casesAssisted',
] as const;
/** The meaning of a published figure. */
export type Indicator = (typeof INDICATORS)[number];

export interface At extends Place {
  indicator: Indicator;
}

/** The data of a month, for publishing. */
export interface MonthCounts {
  total: Counts;
  /** Totals of all surveys. */
  answered: number;
  scores: readonly number[];
  solved: readonly number[];
  /** Codes of all procedures that may have had an appointment, including those without one. */
  catalogue: readonly string[];
  /** Attended appointments, by channel and by the procedure's code. */
  attended: readonly { channel: Channel; procedure: string; appointments: number }[];
  /** Attended appointments, by language. */
  languages: readonly { language: string; appointments: number }[];
  /** By channel: appointments with at least one service or answer, and their number. */
  done: readonly {
    channel: Channel;
    withProcedures: number;
    procedures: number;
    withQueries: number;
    queries: number;
  }[];
  /** Cases that were handed in, by how they began and by the procedure's code. */
  cases: readonly { isOnline: boolean; procedure: string; cases: number }[];
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

const cell = (
  indicator: Indicator,
  appointments: number,
  more: Partial<Place & Pick<Cell<At>, 'value' | 'parts'>> = {},
): Cell<At> => {
  const {
    channel = null,
    procedure = null,
    language = null,
    value = appointments,
    parts = [],
  } = more;
  return { at: { indicator, channel, procedure, language }, appointments, value, parts };
};

/** Rounds to a tenth. */
const mean = (added: number, appointments: number, unit = 1): number =>
  appointments === 0 ? 0 : Math.round((10 * added) / unit / appointments) / 10;

/** Returns the figures of a month for publishing, each with its parts. */
function monthOf(month: MonthCounts): Cell<At>[] {
  const { total, answered, scores, solved } = month;
  const { booked, fulfilled, noshow, cancelled } = total;
  const band = (from: number, to: number) => sum(scores.slice(from, to + 1));
  const kept = booked - cancelled;
  const [yes = 0, partly = 0, no = 0] = solved;
  return [
    cell('appointments', booked, {
      parts: [
        [
          attendedOf(fulfilled, month),
          cell('missed', noshow),
          cell('cancelled', cancelled),
          cell('open', booked - fulfilled - noshow - cancelled),
        ],
      ],
    }),
    doneOf('procedures', month),
    doneOf('queries', month),
    casesOf(month),
    cell('wait', kept, { value: mean(total.waitDays, kept) }),
    cell('delay', total.contacted, { value: mean(total.lateSeconds, total.contacted, 60) }),
    cell('length', total.closed, { value: mean(total.talkedSeconds, total.closed, 60) }),
    cell('answers', answered, {
      parts: [
        [
          cell('scoreLow', band(0, 4)),
          cell('scoreMiddle', band(5, 7)),
          cell('scoreHigh', band(8, 10)),
          cell('scoreNone', answered - sum(scores)),
        ],
        [
          cell('solvedYes', yes),
          cell('solvedPartly', partly),
          cell('solvedNo', no),
          cell('solvedNone', answered - yes - partly - no),
        ],
      ],
    }),
  ];
}

/** Counts of encounters, or of what began in them; each gives a minimum for the number of encounters. */
const OF_ATTENDED: ReadonlySet<Indicator> = new Set([
  'casesAssisted',
  'procedures',
  'queries',
  'wait',
  'delay',
  'length',
]);

/**
 * Returns the published figures of a month. A figure about attended appointments, all or of a channel, is only shown when their number
 * is: it is about at least five, and about six appointments it would be all but one. `choose`: as in `publish`.
 */
export function publishMonth(
  month: MonthCounts,
  choose: (many: number) => number,
): Published<At>[] {
  const [appointments, ...others] = monthOf(month);
  const first = publish(appointments!, choose);
  const shown = new Set(
    first.flatMap(({ at, value }) =>
      at.indicator === 'attended' && !at.procedure && !at.language && value !== null
        ? [at.channel]
        : [],
    ),
  );
  const withKept = (each: Cell<At>): Cell<At> => ({
    ...each,
    parts: each.parts.map((parts) => parts.map(withKept)),
    isKept: OF_ATTENDED.has(each.at.indicator) && !shown.has(each.at.channel),
  });
  return [...first, ...others.flatMap((each) => publish(withKept(each), choose))];
}

/**
 * Divides by channel and then by procedure, and by language. All possible channels and languages are included: a row that only
 * appears when there were appointments would reveal a hidden figure.
 */
function attendedOf(
  appointments: number,
  { catalogue, attended, languages }: MonthCounts,
): Cell<At> {
  const channels = CHANNELS.map((channel) => {
    const here = attended.filter((each) => each.channel === channel);
    const parts = union(
      catalogue,
      here.map((each) => each.procedure),
    ).map((procedure) =>
      cell('attended', appointmentsOf(here.filter((each) => each.procedure === procedure)), {
        ...{ channel, procedure },
      }),
    );
    return cell('attended', appointmentsOf(here), { channel, parts: [parts] });
  });
  const spoken = languages.map((each) => each.language);
  const byLanguage = union(ENCOUNTER_LANGUAGES, spoken).map((language) =>
    cell('attended', appointmentsOf(languages.filter((each) => each.language === language)), {
      language,
    }),
  );
  return cell('attended', appointments, { parts: [channels, byLanguage] });
}

const union = (some: readonly string[], more: readonly string[]) => [
  ...new Set([...some, ...more]),
];
const appointmentsOf = (rows: readonly { appointments: number }[]) =>
  sum(rows.map((each) => each.appointments));

function doneOf(what: 'procedures' | 'queries', { done }: MonthCounts): Cell<At> {
  const counted = what === 'procedures' ? 'withProcedures' : 'withQueries';
  const all = (name: typeof what | typeof counted, of = done) => sum(of.map((each) => each[name]));
  const parts = CHANNELS.map((channel) => {
    const here = done.filter((each) => each.channel === channel);
    return cell(what, all(counted, here), { channel, value: all(what, here) });
  });
  return cell(what, all(counted), { value: all(what), parts: [parts] });
}

/** Divides by how cases began, and those that began on-line by procedure. What began with an official tells of encounters. */
function casesOf({ catalogue, cases }: MonthCounts): Cell<At> {
  const many = (of: typeof cases) => sum(of.map((each) => each.cases));
  const [online = [], assisted = []] = [true, false].map((isOnline) =>
    cases.filter((each) => each.isOnline === isOnline),
  );
  const procedures = union(
    catalogue,
    online.map((each) => each.procedure),
  ).map((procedure) =>
    cell('casesOnline', many(online.filter((each) => each.procedure === procedure)), { procedure }),
  );
  const parts = [
    cell('casesOnline', many(online), { parts: [procedures] }),
    cell('casesAssisted', many(assisted)),
  ];
  return cell('cases', many(cases), { parts: [parts] });
}
