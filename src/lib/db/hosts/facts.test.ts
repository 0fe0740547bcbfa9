import { describe, expect, it } from 'vitest';
import { choose, type HostFacts } from './facts.ts';

const primary = (timeline: number): HostFacts => ({
  isStandby: false,
  isReadOnly: false,
  timeline,
});
const standby: HostFacts = { isStandby: true, isReadOnly: true, timeline: 0 };
const fenced: HostFacts = { ...primary(3), isReadOnly: true };
const found = (...all: (HostFacts | null)[]) => all.map((facts) => ({ facts }));

describe('which server is taken', () => {
  it('the primary, wherever it stands', () => {
    expect(choose(found(standby, primary(1)), 'read-write', 0)).toBe(1);
    expect(choose(found(null, standby, primary(1)), 'primary', 0)).toBe(2);
    expect(choose(found(standby, null), 'read-write', 0)).toBe(-1);
  });

  it('of two that say they are it, the one that was promoted', () => {
    expect(choose(found(primary(4), primary(5)), 'read-write', 0)).toBe(1);
    expect(choose(found(primary(5), primary(4)), 'read-write', 0)).toBe(0);
  });

  it('never one of an earlier time than what was served already', () => {
    expect(choose(found(primary(4), null), 'read-write', 5)).toBe(-1);
    expect(choose(found(primary(5), null), 'read-write', 5)).toBe(0);
  });

  it('none that is kept from writing, unless only a primary is asked for', () => {
    expect(choose(found(fenced), 'read-write', 0)).toBe(-1);
    expect(choose(found(fenced), 'primary', 0)).toBe(0);
  });

  it('for reading: a standby rather than the primary', () => {
    expect(choose(found(primary(1), standby), 'prefer-standby', 0)).toBe(1);
    expect(choose(found(primary(1), null), 'prefer-standby', 0)).toBe(0);
    expect(choose(found(primary(1)), 'standby', 0)).toBe(-1);
    expect(choose(found(null, standby), 'any', 9)).toBe(1);
  });
});
