import type { Sessions } from './address.ts';

/** What a server says of itself. */
export interface HostFacts {
  /** Whether it replays what another server writes. */
  isStandby: boolean;
  /** Whether its transactions can't write unless they ask for it. */
  isReadOnly: boolean;
  /** The number of its history: a promotion makes a higher one. 0: a standby. */
  timeline: number;
}

/** The columns of `HostFacts`. Everybody may ask. */
export const HOST_FACTS = `
  select pg_is_in_recovery() as "isStandby", current_setting('transaction_read_only') = 'on' as "isReadOnly",
    case when pg_is_in_recovery() then 0
      else ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int end as timeline`;

/** Returns how well a server suits: 0: not at all; of two, the higher one is taken. Pure. */
export function suits({ isStandby, isReadOnly }: HostFacts, sessions: Sessions): 0 | 1 | 2 {
  const fits: Record<Sessions, boolean> = {
    any: true,
    'read-write': !isStandby && !isReadOnly,
    'read-only': isStandby || isReadOnly,
    primary: !isStandby,
    standby: isStandby,
    'prefer-standby': true,
  };
  if (!fits[sessions]) return 0;
  return sessions === 'prefer-standby' && !isStandby ? 1 : 2;
}

/** Returns whether only a primary will do. */
export const wantsPrimary = (sessions: Sessions): boolean =>
  sessions === 'read-write' || sessions === 'primary';

/** What was found at a place; null: nothing that suits. */
interface Found {
  facts: HostFacts | null;
}

/**
 * Returns the index of the server to take; -1: none. Of two primaries the one with the later history is right: the other was one before, died,
 * and came back without knowing. One of an earlier history than `newest` isn't taken at all. Pure.
 * @param newest the latest history that this process has seen
 */
export function choose(found: readonly Found[], sessions: Sessions, newest: number): number {
  let chosen = -1;
  let best = 0;
  found.forEach(({ facts }, index) => {
    if (!facts) return;
    const fit = suits(facts, sessions);
    if (fit === 0) return;
    if (wantsPrimary(sessions) && facts.timeline < newest) return;
    const rank = fit * 2 ** 32 + (wantsPrimary(sessions) ? facts.timeline : 0);
    if (rank <= best) return;
    best = rank;
    chosen = index;
  });
  return chosen;
}
