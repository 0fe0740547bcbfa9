import { CHANNELS, type Channel } from '../appointments/types.ts';
import type { Cell, Place } from './publishing.ts';
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
] as const;
/** What a published figure says. */
export type Indicator = (typeof INDICATORS)[number];

export interface At extends Place {
  indicator: Indicator;
}

/** What happened in a month, for publishing. */
export interface MonthCounts {
  total: Counts;
  /** Of all surveys. */
  answered: number;
  scores: readonly number[];
  solved: readonly number[];
  /** Attended, by channel and by the procedure's code. */
  attended: readonly { channel: Channel; procedure: string; people: number }[];
  /** Attended, by language. */
  languages: readonly { language: string; people: number }[];
  /** By channel: appointments in which something was carried out or answered, and how much. */
  done: readonly {
    channel: Channel;
    withProcedures: number;
    procedures: number;
    withQueries: number;
    queries: number;
  }[];
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

const cell = (
  indicator: Indicator,
  people: number,
  more: Partial<Place & Pick<Cell<At>, 'value' | 'parts'>> = {},
): Cell<At> => {
  const { channel = null, procedure = null, language = null, value = people, parts = [] } = more;
  return { at: { indicator, channel, procedure, language }, people, value, parts };
};

/** To a tenth. */
const mean = (added: number, people: number, unit = 1): number =>
  people === 0 ? 0 : Math.round((10 * added) / unit / people) / 10;

/** What may be published of a month, each with its parts. */
export function monthOf(month: MonthCounts): Cell<At>[] {
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

/** By channel, and there by procedure; and by language. */
function attendedOf(people: number, { attended, languages }: MonthCounts): Cell<At> {
  const channels = CHANNELS.map((channel) => {
    const here = attended.filter((each) => each.channel === channel);
    const parts = here.map((each) =>
      cell('attended', each.people, { channel, procedure: each.procedure }),
    );
    return cell('attended', sum(here.map((each) => each.people)), { channel, parts: [parts] });
  });
  const byLanguage = languages.map(({ language, people }) =>
    cell('attended', people, { language }),
  );
  return cell('attended', people, { parts: [channels, byLanguage] });
}

function doneOf(what: 'procedures' | 'queries', { done }: MonthCounts): Cell<At> {
  const people = what === 'procedures' ? 'withProcedures' : 'withQueries';
  const parts = done.map((each) =>
    cell(what, each[people], { channel: each.channel, value: each[what] }),
  );
  const all = (name: typeof what | typeof people) => sum(done.map((each) => each[name]));
  return cell(what, all(people), { value: all(what), parts: [parts] });
}
