import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomOffice } from '../testing.ts';
import type { Writing } from '../writing/written.ts';
import { changesIn } from './changes.ts';
import { applied, changedSince, differenceOf, reverted } from './difference.ts';
import { leavesOf, withDeclared, writtenFrom } from './leaves.ts';
import { olderTexts, type VersionChange } from './older.ts';

const plain = (value: unknown) => JSON.parse(JSON.stringify(value));
const pair = fc.tuple(randomOffice, randomOffice);

test('a declaration comes back from its leaves, in its order', () => {
  fc.assert(
    fc.property(randomOffice, (office) => {
      const whole = withDeclared(office, leavesOf(office), () => '');
      expect(whole).toEqual({ ...plain(office) });
      const codes = Object.keys((plain(office).procedures ?? {}) as Writing);
      expect(Object.keys((whole.procedures ?? {}) as Writing)).toEqual(codes);
    }),
  );
});

test('a difference makes the second declaration out of the first, and taken back the first again', () => {
  fc.assert(
    fc.property(pair, ([one, other]) => {
      const [before, after] = [leavesOf(one), leavesOf(other)];
      const difference = differenceOf(before, after);
      const made = applied(before, difference);
      expect(differenceOf(made, after)).toEqual([]);
      expect(differenceOf(reverted(made, difference), before)).toEqual([]);
      expect(changedSince(made, difference)).toEqual([]);
      expect(writtenFrom(made)).toEqual(writtenFrom(after));
    }),
  );
});

test('versions taken back one after the other lead through all of them', () => {
  fc.assert(
    fc.property(fc.array(randomOffice, { minLength: 2, maxLength: 5 }), (offices) => {
      const all = offices.map(leavesOf);
      const steps = all.slice(1).map((each, index) => differenceOf(all[index]!, each));
      let now = all.at(-1)!;
      for (const [index, step] of steps.entries().toArray().reverse()) {
        now = reverted(now, step);
        expect(differenceOf(now, all[index]!)).toEqual([]);
      }
    }),
  );
});

test('a version has no rota, no name of a person, and no part that only the file declares', () => {
  const leaves = leavesOf({
    timeZone: 'Europe/Madrid',
    shifts: [{ desk: 'a' }],
    absences: [{ desk: 'a', why: 'grip' }],
    habilitated: [{ email: 'a@b.example' }],
    phone: { prefix: '0', exchange: { url: 'wss://x' } },
    video: { captions: { engines: {} }, names: 'none' },
    desks: { a: { name: 'Núria', skills: 'all' } },
  });
  expect([...leaves.keys()]).toEqual(['phone.prefix', 'video.names', 'desks.#', 'desks.a.skills']);
});

test('a thing that was added in the meantime survives an order that lacks it', () => {
  const [one, two, three] = [['a'], ['a', 'b'], ['a', 'b', 'c']].map((codes) =>
    leavesOf({ themes: Object.fromEntries(codes.map((each) => [each, { name: { ca: each } }])) }),
  );
  const undone = reverted(three!, differenceOf(one!, two!));
  expect(Object.keys(writtenFrom(undone).themes as Writing)).toEqual(['a', 'c']);
});

const officeOf = (name: object, why: object = {}) =>
  leavesOf({ procedures: { p: { name } }, closures: [{ date: '2026-12-24', why }] });

/** Makes the versions that lead through these declarations. */
function versionsOf(...all: ReturnType<typeof officeOf>[]): VersionChange[] {
  return all.slice(1).map((each, index) => ({
    number: index + 1,
    kind: 'edited',
    difference: differenceOf(all[index]!, each),
    stillRight: [],
  }));
}

test('a translation is older when only its original was changed, until one of the two answers it', () => {
  const first = officeOf({ ca: 'Volant', es: 'Volante', en: 'Proof' });
  const second = officeOf({ ca: 'Volant nou', es: 'Volante', en: 'New proof' });
  const older = olderTexts(versionsOf(first, second), second, 'ca');
  expect(older).toEqual([
    {
      ...{ path: 'procedures.p.name.es', language: 'es', text: 'Volante' },
      ...{ before: 'Volant', now: 'Volant nou' },
    },
  ]);
  const mended = officeOf({ ca: 'Volant nou', es: 'Volante nuevo', en: 'New proof' });
  expect(olderTexts(versionsOf(first, second, mended), mended, 'ca')).toEqual([]);
  const right = {
    number: 2,
    kind: 'still_right',
    difference: [],
    stillRight: ['procedures.p.name.es'],
  } as const;
  expect(olderTexts([...versionsOf(first, second), right], second, 'ca')).toEqual([]);
  // Changed back: the translation is of these words again.
  expect(olderTexts(versionsOf(first, second, first), first, 'ca')).toEqual([]);
});

test('the words before are those of the time when the translation was last right', () => {
  const steps = ['U', 'Dos', 'Tres'].map((ca) => officeOf({ ca, es: 'Uno' }));
  const [older] = olderTexts(versionsOf(...steps), steps[2]!, 'ca');
  expect(older).toMatchObject({ before: 'U', now: 'Tres' });
  const right = {
    number: 1.5,
    kind: 'still_right',
    difference: [],
    stillRight: ['procedures.p.name.es'],
  } as const;
  const [one, two] = versionsOf(...steps);
  expect(olderTexts([one!, right, two!], steps[2]!, 'ca')[0]).toMatchObject({ before: 'Dos' });
});

test('texts within lists without codes are watched too, and missing ones never older', () => {
  const first = officeOf({ ca: 'A' }, { ca: 'Nadal', es: 'Navidad' });
  const second = officeOf({ ca: 'B' }, { ca: 'Vigília', es: 'Navidad' });
  expect(olderTexts(versionsOf(first, second), second, 'ca')).toMatchObject([
    { path: 'closures.0.why.es', before: 'Nadal', now: 'Vigília' },
  ]);
  // Another first language turns the question around.
  expect(olderTexts(versionsOf(first, second), second, 'es')).toEqual([]);
});

/** Marks the last of the versions as one that brings something back. */
const takenBackBy = (versions: VersionChange[]): VersionChange[] =>
  versions.with(-1, { ...versions.at(-1)!, kind: 'reverted' });

test('a translation that comes back is as right as it was when it was replaced', () => {
  const [first, changed, redone] = [
    officeOf({ ca: 'A', es: 'a' }),
    officeOf({ ca: 'B', es: 'a' }),
    officeOf({ ca: 'B', es: 'b' }),
  ];
  const back = takenBackBy(versionsOf(first, changed, redone, changed));
  expect(olderTexts(back, changed, 'ca')).toMatchObject([
    { path: 'procedures.p.name.es', text: 'a', before: 'A', now: 'B' },
  ]);
  // The same words written again are an answer.
  expect(olderTexts(versionsOf(first, changed, redone, changed), changed, 'ca')).toEqual([]);
  // Both back: the translation is of these words again; only the original back: it is of other words.
  const both = takenBackBy(versionsOf(first, changed, redone, first));
  expect(olderTexts(both, first, 'ca')).toEqual([]);
  const original = officeOf({ ca: 'A', es: 'b' });
  const only = takenBackBy(versionsOf(first, changed, redone, original));
  expect(olderTexts(only, original, 'ca')).toMatchObject([{ before: 'B', now: 'A' }]);
  // What was found right, replaced and brought back is still right.
  const right: VersionChange = {
    ...{ number: 1.5, kind: 'still_right', difference: [], stillRight: ['procedures.p.name.es'] },
  };
  expect(olderTexts([...back.slice(0, 1), right, ...back.slice(1)], changed, 'ca')).toEqual([]);
});

const closures = (...rows: [date: string, ca: string, es: string][]) =>
  leavesOf({ closures: rows.map(([date, ca, es]) => ({ date, why: { ca, es } })) });

test('a row of a list without codes keeps its mark when rows come, go or move', () => {
  const [nadal, reis, fira] = [
    ['12-25', 'Nadal', 'Navidad'],
    ['01-06', 'Reis', 'Reyes'],
    ['03-01', 'Fira', 'Feria'],
  ] as const;
  const changed = ['01-06', 'Reis d’Orient', 'Reyes'] as const;
  const older = (...steps: ReturnType<typeof closures>[]) =>
    olderTexts(versionsOf(...steps), steps.at(-1)!, 'ca').map(({ path, before }) => [path, before]);
  const [one, two] = [closures([...nadal], [...reis]), closures([...nadal], [...changed])];
  const at = (index: number) => [[`closures.${index}.why.es`, 'Reis']];
  expect(older(one, two)).toEqual(at(1));
  expect(older(one, two, closures([...fira], [...nadal], [...changed]))).toEqual(at(2));
  expect(older(one, two, closures([...changed], [...nadal]))).toEqual(at(0));
  expect(older(one, two, closures([...changed]))).toEqual(at(0));
  // A row that comes in front while the next one changes.
  expect(older(one, closures([...fira], [...nadal], [...changed]))).toEqual(at(2));
  expect(older(one, two, closures([...fira], ['01-06', 'Reis d’Orient', 'Los Reyes']))).toEqual([]);
});

test('a row that comes back is as right as it was, and one found right keeps that when it moves', () => {
  const one = closures(['12-25', 'Nadal', 'Navidad'], ['01-06', 'Reis', 'Reyes']);
  const two = closures(['12-25', 'Nadal', 'Navidad'], ['01-06', 'Mags', 'Reyes']);
  const without = closures(['12-25', 'Nadal', 'Navidad']);
  const back = takenBackBy(versionsOf(one, two, without, two));
  expect(olderTexts(back, two, 'ca')).toMatchObject([{ path: 'closures.1.why.es' }]);
  const moved = closures(['01-06', 'Mags', 'Reyes'], ['12-25', 'Nadal', 'Navidad']);
  const [first, second] = versionsOf(one, two, moved);
  const right: VersionChange = {
    ...{ number: 1.5, kind: 'still_right', difference: [], stillRight: ['closures.1.why.es'] },
  };
  expect(olderTexts([first!, right, second!], moved, 'ca')).toEqual([]);
  const later = { ...right, number: 3, stillRight: ['closures.0.why.es'] };
  expect(olderTexts([first!, second!, later], moved, 'ca')).toEqual([]);
});

test('a difference is told by things, orders and values, and all of its paths once or with their list', () => {
  const procedure = (ca: string, documents: string[]) => ({
    name: { ca, es: ca },
    documents: documents.map((code) => ({ code, name: { ca: code } })),
  });
  const before = leavesOf({
    procedures: { a: procedure('A', ['x']), b: procedure('B', ['y']) },
    themes: { one: { name: { ca: 'U' } }, two: { name: { ca: 'Dos' } } },
  });
  const after = leavesOf({
    procedures: { a: procedure('A!', ['x', 'z']), c: procedure('C', ['y']) },
    themes: { two: { name: { ca: 'Dos' } }, one: { name: { ca: 'U' } } },
  });
  const difference = differenceOf(before, after);
  const changes = changesIn(difference);
  expect(changes.map(({ kind, path }) => `${kind} ${path}`).sort()).toEqual([
    'added procedures.a.documents.z',
    'added procedures.c',
    'order themes',
    'removed procedures.b',
    'value procedures.a.name.ca',
    'value procedures.a.name.es',
  ]);
  const paths = new Set(changes.flatMap((each) => each.paths));
  expect(paths).toEqual(new Set(difference.map(({ path }) => path)));
  // One thing taken back alone leaves the others.
  const [added] = changes.filter(({ path }) => path === 'procedures.c');
  const back = reverted(
    after,
    difference.filter(({ path }) => added?.paths.includes(path)),
  );
  expect(Object.keys(writtenFrom(back).procedures as Writing)).toEqual(['a']);
});

test('every path of any difference is in a change', () => {
  fc.assert(
    fc.property(pair, ([one, other]) => {
      const difference = differenceOf(leavesOf(one), leavesOf(other));
      const paths = new Set(changesIn(difference).flatMap((each) => each.paths));
      expect(paths).toEqual(new Set(difference.map(({ path }) => path)));
    }),
  );
});
