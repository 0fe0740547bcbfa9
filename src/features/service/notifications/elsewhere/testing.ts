import type {
  HandedNews,
  NotificationPort,
  PortAnswer,
  PortFailure,
  ToHandOver,
} from '../types.ts';

export const AWAY: PortFailure = { reason: 'away', code: 'network', words: null };
export const REFUSED: PortFailure = {
  ...{ reason: 'refused', code: 'enotum_720', words: 'No es permet' },
};

/** A stand-in for e-NOTUM, without its messages. */
export interface PortStandIn extends NotificationPort {
  /** What it has, oldest first. */
  has: ToHandOver[];
  /** What it tells of them. */
  told: HandedNews[];
  /** What was asked, oldest first. */
  asked: string[];
  /** Why each way fails; absent: it doesn't. `lost`: it is handed over, and the answer is lost. */
  failing: Partial<Record<'find' | 'hand' | 'lost' | 'news' | 'evidence', PortFailure>>;
}

/** Opens it. `first`: the number of the first notification that it gets. */
export function standInPort(first = 4_000_001): PortStandIn {
  const answer = <T>(way: keyof PortStandIn['failing'], value: () => T): PortAnswer<T> => {
    port.asked.push(way);
    const failure = port.failing[way];
    return failure ? { ok: false, ...failure } : { ok: true, value: value() };
  };
  const numberOf = (id: string) => {
    const at = port.has.findIndex((each) => each.id === id);
    return at === -1 ? null : String(first + at);
  };
  const port: PortStandIn = {
    ...{ has: [], told: [], asked: [], failing: {} },
    find: async (id) => answer('find', () => numberOf(id)),
    async hand(what, goAhead) {
      if (!(await goAhead())) return null;
      const made = answer('hand', () => {
        port.has.push(what);
        return numberOf(what.id) as string;
      });
      return made.ok && port.failing.lost ? { ok: false, ...port.failing.lost } : made;
    },
    news: async (since, until) =>
      answer('news', () =>
        port.told.filter(
          ({ at }) =>
            Temporal.Instant.compare(at, since) >= 0 && Temporal.Instant.compare(at, until) <= 0,
        ),
      ),
    evidence: async (number) => answer('evidence', () => Buffer.from(`<Evidencia n="${number}"/>`)),
  };
  return port;
}
