import { expect, test } from 'vitest';
import { CHANNELS } from '../../../domain/channel.ts';
import { type MonthCounts, publishMonth } from './opening.ts';

/** A month as far as who it is about goes: attended by channel and for procedure a or b, and what else became of appointments. */
const ENDS = ['phoneA', 'phoneB', 'videoA', 'videoB', 'missed', 'cancelled', 'open'] as const;
type People = Record<(typeof ENDS)[number], number> & {
  /** Of those attended: by another language; by phone or video with something carried out, once in each, which tells the most. */
  spanish: number;
  donePhone: number;
  doneVideo: number;
  answered: number;
};

const attendedOf = (people: People, channel: 'phone' | 'video') =>
  people[`${channel}A`] + people[`${channel}B`];

function monthOf(people: People): MonthCounts {
  const { missed, cancelled, open, answered, spanish } = people;
  const fulfilled = attendedOf(people, 'phone') + attendedOf(people, 'video');
  const means = { waitDays: 0, punctual: 0, lateSeconds: 0, called: 0, attempts: 0 };
  const done = (channel: 'phone' | 'video', many: number) => ({
    ...{ channel, withProcedures: many, procedures: many, withQueries: 0, queries: 0 },
  });
  return {
    total: {
      ...{ ...means, booked: fulfilled + missed + cancelled + open, fulfilled, noshow: missed },
      ...{
        cancelled,
        unkept: 0,
        contacted: fulfilled + missed,
        closed: fulfilled,
        talkedSeconds: 0,
      },
      ...{ procedures: people.donePhone + people.doneVideo, queries: 0, unbooked: 0 },
    },
    answered,
    scores: [0, 0, 0, 0, 0, 0, 0, 0, answered, 0, 0],
    solved: [answered, 0, 0],
    catalogue: ['a', 'b'],
    attended: [
      { channel: 'phone', procedure: 'a', appointments: people.phoneA },
      { channel: 'phone', procedure: 'b', appointments: people.phoneB },
      { channel: 'video', procedure: 'a', appointments: people.videoA },
      { channel: 'video', procedure: 'b', appointments: people.videoB },
    ],
    languages: [
      { language: 'ca', appointments: fulfilled - spanish },
      { language: 'es', appointments: spanish },
    ],
    done: [done('phone', people.donePhone), done('video', people.doneVideo)],
    cases: [],
  };
}

const NOBODY: People = {
  ...{ phoneA: 0, phoneB: 0, videoA: 0, videoB: 0, missed: 0, cancelled: 0, open: 0 },
  ...{ spanish: 0, donePhone: 0, doneVideo: 0, answered: 0 },
};
const upTo = (most: number) => Array.from({ length: most + 1 }, (_, each) => each);

/** All months of so many appointments and fewer that ended in these ways. */
function everyMonth(ends: readonly (typeof ENDS)[number][], most: number): People[] {
  const [end, ...others] = ends;
  if (!end) return [NOBODY];
  return upTo(most).flatMap((many) =>
    everyMonth(others, most - many).map((people) => ({ ...people, [end]: many })),
  );
}

/** What was done in them; of surveys, none, as many as can be answered, and all but one. */
const withDone = (people: People): People[] =>
  upTo(attendedOf(people, 'phone')).flatMap((donePhone) =>
    upTo(attendedOf(people, 'video')).flatMap((doneVideo) => {
      const ended = ENDS.reduce((all, end) => all + people[end], 0) - people.open;
      return [0, Math.max(0, ended - 1), ended].map((answered) => ({
        ...{ ...people, donePhone, doneVideo, answered },
      }));
    }),
  );
/** In any language; something was carried out in any number by phone, and in all or none by video. */
const withLanguages = (people: People): People[] => {
  const [phone, video] = [attendedOf(people, 'phone'), attendedOf(people, 'video')];
  return upTo(phone + video).flatMap((spanish) =>
    upTo(phone).flatMap((donePhone) =>
      [0, video].map((doneVideo) => ({ ...people, spanish, donePhone, doneVideo })),
    ),
  );
};

const figuresOf = (people: People) => {
  const [phone, video] = [attendedOf(people, 'phone'), attendedOf(people, 'video')];
  const attended = phone + video;
  const done = people.donePhone + people.doneVideo;
  return { ...people, phone, video, attended, catalan: attended - people.spanish, done };
};

test.each([
  [
    'how they ended, and what was done',
    everyMonth(['phoneA', 'videoA', 'missed', 'cancelled', 'open'], 7).flatMap(withDone),
  ],
  [
    'by procedure and language',
    everyMonth(['phoneA', 'phoneB', 'videoA', 'videoB', 'missed'], 6).flatMap(withLanguages),
  ],
])(
  'nobody who knows the rule and all of a month’s figures finds one from one to four: %s',
  (_, months) => {
    // What each view of a month may stand for: everything that comes to it, whatever chance chooses.
    const worlds = new Map<string, Map<string, Set<number>>>();
    for (const people of months)
      for (let chance = 0; chance < 3; chance++) {
        const published = publishMonth(monthOf(people), (many) => chance % many);
        const view = published.map(({ value }) => value ?? '..').join(' ');
        const known = worlds.get(view) ?? new Map<string, Set<number>>();
        worlds.set(view, known);
        for (const [name, many] of Object.entries(figuresOf(people)))
          known.set(name, (known.get(name) ?? new Set()).add(many));
      }
    const found = [...worlds].flatMap(([view, known]) =>
      [...known].flatMap(([name, values]) => {
        const [only = 0] = values;
        return values.size === 1 && only > 0 && only < 5 ? [`${name} is ${only}: ${view}`] : [];
      }),
    );
    expect(found).toEqual([]);
    expect(worlds.size).toBeGreaterThan(50);
  },
);

const rowsOf = (month: MonthCounts) =>
  publishMonth(month, () => 0).map(({ at }) => Object.values(at).join(' '));

test('the same rows stand there whoever came, and of every channel and language', () => {
  const empty = { ...monthOf(NOBODY), attended: [], languages: [], done: [] };
  const filed = { isOnline: true, procedure: 'a', cases: 7 };
  const some = monthOf({ ...NOBODY, phoneA: 20, videoB: 2, donePhone: 9 });
  const many = { ...some, cases: [filed] };
  expect(rowsOf(many)).toEqual(rowsOf(empty));
  for (const channel of CHANNELS)
    for (const row of [`attended ${channel} a `, `queries ${channel}  `])
      expect(rowsOf(empty)).toContain(row);
  expect(rowsOf(empty)).toContain('attended   csc');
  expect(new Set(publishMonth(empty, () => 0).map(({ value }) => value))).toEqual(new Set([null]));
});

const CASES = ['onlineA', 'onlineB', 'assisted'] as const;
type Filed = Record<(typeof CASES)[number], number>;

/** Months of cases alone, with as many attended appointments. */
const withCases = ({ onlineA, onlineB, assisted }: Filed, attended: number): MonthCounts => ({
  ...monthOf({ ...NOBODY, phoneA: attended }),
  cases: [
    { isOnline: true, procedure: 'a', cases: onlineA },
    { isOnline: true, procedure: 'b', cases: onlineB },
    { isOnline: false, procedure: 'a', cases: assisted },
  ],
});

/** What is published of cases, each by its place; null: hidden. */
function casesSeen(filed: Filed, attended: number, chance: number): Record<string, number | null> {
  const rows = publishMonth(withCases(filed, attended), (many) => chance % many);
  return Object.fromEntries(
    rows
      .filter(({ at }) => at.indicator.startsWith('cases'))
      .map(({ at, value }) => [`${at.indicator} ${at.procedure ?? ''}`.trim(), value]),
  );
}

test('no figure of one to four cases follows from what is published: every month of up to fourteen', () => {
  const worlds = new Map<string, Filed[]>();
  const most = 14;
  for (const attended of [0, 9])
    for (const onlineA of upTo(most))
      for (const onlineB of upTo(most - onlineA))
        for (const assisted of upTo(most - onlineA - onlineB))
          for (const chance of [0, 1, 2]) {
            const filed = { onlineA, onlineB, assisted };
            const seen = `${attended}: ${JSON.stringify(casesSeen(filed, attended, chance))}`;
            worlds.set(seen, [...(worlds.get(seen) ?? []), filed]);
          }
  // Each reader works out all worlds that come to what they see, also those sums that are not published.
  const sums: Record<string, (of: Filed) => number> = {
    all: (of) => of.onlineA + of.onlineB + of.assisted,
    online: (of) => of.onlineA + of.onlineB,
    assisted: (of) => of.assisted,
    onlineA: (of) => of.onlineA,
    onlineB: (of) => of.onlineB,
  };
  const found = [...worlds].flatMap(([seen, possible]) =>
    Object.entries(sums).flatMap(([name, of]) => {
      const values = new Set(possible.map(of));
      const [only = 0] = values;
      return values.size === 1 && only > 0 && only < 5 ? [`${name} is ${only}: ${seen}`] : [];
    }),
  );
  expect(found).toEqual([]);
  expect(worlds.size).toBeGreaterThan(50);
});

test('what began with an official is told where it is told how many were attended', () => {
  const filed = { onlineA: 9, onlineB: 8, assisted: 7 };
  expect(casesSeen(filed, 9, 0)).toEqual({
    cases: 24,
    casesOnline: 17,
    'casesOnline a': 9,
    'casesOnline b': 8,
    casesAssisted: 7,
  });
  // What is hidden is hidden with the other part, so that no subtraction gives it.
  expect(casesSeen(filed, 3, 0)).toMatchObject({
    cases: 24,
    casesOnline: null,
    casesAssisted: null,
    'casesOnline a': null,
  });
  expect(casesSeen({ onlineA: 9, onlineB: 2, assisted: 0 }, 9, 0)).toMatchObject({
    casesOnline: 11,
    'casesOnline a': null,
    'casesOnline b': null,
  });
});
