import { describe, expect, it } from 'vitest';
import type { Standing } from '../../../lib/db/hosts/replication.ts';
import { ALONE, aboutReplication } from './replication.ts';

const place = (host: string) => ({ host, port: 5432 });
const primary = (host: string, timeline = 3): Standing => ({
  ...{ place: place(host), error: null, behindBytes: null },
  facts: { isStandby: false, isReadOnly: false, timeline },
});
const standby = (host: string, behindBytes: number | null = 0): Standing => ({
  ...{ place: place(host), error: null, behindBytes },
  facts: { isStandby: true, isReadOnly: true, timeline: 0 },
});
const away = (host: string): Standing => ({
  ...{ place: place(host), facts: null, error: new Error('ECONNREFUSED'), behindBytes: null },
});
const CONFIRMED = { ...ALONE, synchronous: '*', following: 1, confirming: 1, behindSeconds: 0 };

const said = (...given: Parameters<typeof aboutReplication>) =>
  aboutReplication(...given).map(({ state, words }) => `${state}: ${words}`);

describe('the doctor about several database servers', () => {
  it('says nothing of one that is alone', () => {
    expect(said(ALONE, null)).toEqual([]);
  });

  it('says which is the primary, how far a standby is behind, and that commits are on both', () => {
    expect(said(CONFIRMED, [primary('a'), standby('b', 5_000)])).toEqual([
      'right: The database server a:5432 is the primary.',
      'right: The database server b:5432 is a standby, 5 kB behind.',
      'right: Each commit is on a standby too before it is confirmed (*).',
    ]);
  });

  it('one that does not answer, or is far behind, deserves a look', () => {
    const [, missing] = said(CONFIRMED, [primary('a'), away('b')]);
    expect(missing).toMatch(/^warning: .*b:5432 does not answer: ECONNREFUSED/);
    const [, late] = said(CONFIRMED, [primary('a'), standby('b', 90 * 1024 * 1024)]);
    expect(late).toMatch(/^warning: .*90 MB behind/);
    expect(said({ ...CONFIRMED, behindSeconds: 95 }, null).at(-1)).toMatch(
      /^warning: .*95 seconds/,
    );
  });

  it('two that take writes are wrong: one that came back, or another database', () => {
    const back = said(CONFIRMED, [primary('a', 3), primary('b', 4)]);
    expect(back[0]).toMatch(/^wrong: .*a:5432 was the primary before/);
    expect(back[1]).toMatch(/^right: .*b:5432 is the primary/);
    expect(said(CONFIRMED, [primary('a'), primary('b')])[0]).toMatch(/^wrong: a:5432 and b:5432/);
  });

  it('commits that nobody confirms, or that nobody can', () => {
    const both = [primary('a'), standby('b')];
    expect(said({ ...CONFIRMED, synchronous: '' }, both).at(-1)).toMatch(/^warning: No standby/);
    expect(said({ ...CONFIRMED, isWaited: false }, both).at(-1)).toMatch(/^warning: synchronous_/);
    const none = { ...CONFIRMED, following: 0, confirming: 0 };
    expect(said(none, null).at(-1)).toMatch(/^wrong: Each commit waits/);
    expect(said({ ...CONFIRMED, confirming: null }, both).at(-1)).toContain('pg_monitor');
  });
});
