import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mergeDrafts, partsThatDiffer, sameDraft } from './rules.ts';
import type { EncounterDraft, EncounterItem } from './types.ts';

const item = (label: string, more: Partial<EncounterItem> = {}): EncounterItem => ({
  ...{ kind: 'query', procedure: null, query: null, label, outcome: 'answered' },
  ...more,
});
const BASE: EncounterDraft = {
  items: [item('a')],
  identity: null,
  identityNote: '',
  notes: 'nota',
  wrapUp: null,
  points: ['p/step/one', 'p/step/two'],
};
const draft = (more: Partial<EncounterDraft>): EncounterDraft => ({ ...BASE, ...more });

describe('what two people write from the same beginning', () => {
  test('is all there when each wrote something else', () => {
    const mine = draft({ notes: 'nota meva', identity: 'shown' });
    const theirs = draft({ wrapUp: 'solved' });
    expect(mergeDrafts(BASE, mine, theirs)).toEqual({
      draft: draft({ notes: 'nota meva', identity: 'shown', wrapUp: 'solved' }),
      collisions: [],
    });
  });

  test('collides where both wrote the same, and mine stays', () => {
    const merged = mergeDrafts(BASE, draft({ notes: 'meva' }), draft({ notes: 'seva' }));
    expect(merged).toEqual({ draft: draft({ notes: 'meva' }), collisions: ['notes'] });
    expect(mergeDrafts(BASE, draft({ notes: 'x' }), draft({ notes: 'x' })).collisions).toEqual([]);
  });

  test('rows that both added are all there, once; one that was changed collides', () => {
    const mine = draft({ items: [item('a'), item('tots'), item('meva')] });
    const theirs = draft({ items: [item('a'), item('seva'), item('tots')] });
    const merged = mergeDrafts(BASE, mine, theirs);
    expect(merged.collisions).toEqual([]);
    expect(merged.draft.items.map((each) => each.label)).toEqual(['a', 'seva', 'tots', 'meva']);
    const changed = draft({ items: [item('a', { outcome: 'done' })] });
    expect(mergeDrafts(BASE, mine, changed)).toMatchObject({
      draft: { items: mine.items },
      collisions: ['items'],
    });
  });

  test('a tick holds unless one of them took it away', () => {
    const mine = draft({ points: ['p/step/one', 'p/step/three'] });
    const theirs = draft({ points: ['p/step/one', 'p/step/two', 'p/step/four'] });
    expect(mergeDrafts(BASE, mine, theirs).draft.points).toEqual([
      'p/step/one',
      'p/step/four',
      'p/step/three',
    ]);
  });

  const text = fc.constantFrom('', 'a', 'b', 'c');
  const drafts = fc.record({
    items: fc.array(fc.constantFrom(item('a'), item('b'), item('c')), { maxLength: 3 }),
    identity: fc.constantFrom(null, 'none' as const, 'shown' as const),
    identityNote: text,
    notes: text,
    wrapUp: fc.constantFrom(null, 'solved', 'to-follow'),
    points: fc.subarray(['p/step/one', 'p/step/two', 'p/step/three']),
  });

  test('who wrote nothing changes nothing; alike is no collision', () => {
    fc.assert(
      fc.property(drafts, drafts, (base, other) => {
        expect(sameDraft(mergeDrafts(base, base, other).draft, other)).toBe(true);
        expect(sameDraft(mergeDrafts(base, other, base).draft, other)).toBe(true);
        expect(mergeDrafts(base, other, other)).toMatchObject({ collisions: [] });
      }),
    );
  });

  test('what is mine is never lost without a word, nor what is theirs', () => {
    fc.assert(
      fc.property(drafts, drafts, drafts, (base, mine, theirs) => {
        const { draft: merged, collisions } = mergeDrafts(base, mine, theirs);
        for (const part of ['identity', 'identityNote', 'notes', 'wrapUp'] as const) {
          if (mine[part] !== base[part]) expect(merged[part]).toBe(mine[part]);
          if (theirs[part] !== base[part])
            expect(merged[part] === theirs[part] || collisions.includes(part)).toBe(true);
        }
        if (collisions.includes('items')) expect(merged.items).toEqual(mine.items);
      }),
    );
  });
});

test('where nobody knows the beginning, all that differs is asked about', () => {
  expect(partsThatDiffer(BASE, draft({ notes: 'x', wrapUp: 'solved' }))).toEqual([
    'notes',
    'wrapUp',
  ]);
  const turned = { outcome: 'answered', label: 'a', query: null, procedure: null, kind: 'query' };
  expect(partsThatDiffer(BASE, draft({ items: [turned as EncounterItem] }))).toEqual([]);
});
