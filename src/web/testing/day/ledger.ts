/**
 * A day as somebody keeps it in a ledger: what truly happened to each citizen, and what each was told of it. It shares no code with the
 * service and knows none of its tables: it is told what was done and what was answered, and reads the mails that arrived. Times are
 * minutes after the midnight before the day.
 */

export type Standing = 'booked' | 'displaced' | 'serving' | 'served' | 'missed' | 'cancelled';

/** What a mail claims, as its reader understands it. */
export interface Claim {
  kind: string;
  /** The hour that it names; null: none. */
  start: number | null;
  /** Who cancelled, by its words. */
  by: 'citizen' | 'office' | null;
}

export interface Told extends Claim {
  at: number;
  messageId: string;
}

interface Person {
  name: string;
  start: number;
  standing: Standing;
  cancelledBy: 'citizen' | 'office' | null;
  /** When each call that nobody answered was made. */
  failed: number[];
  /** Of those, the ones since they got their hour, and how each ended. */
  calls: { at: number; outcome: string }[];
  /** How often they were not called at an hour that was promised. */
  broken: number;
  /** When a call or a beginning was taken back. */
  undone: number | null;
  /** The number on file is another person's. */
  lacksNumber: boolean;
  hasNewNumber: boolean;
  /** The notes that were answered as saved, the last one first. */
  notes: string | null;
  /** `actor action`, in order. */
  deeds: string[];
  told: Told[];
  /** No mail reaches the address. */
  isUnreachable: boolean;
}

/** The town promises three calls within half an hour, ten minutes apart, and to tell nobody within half a minute. */
const CALLS = 3;
const PROMISED = 30;
/** How long after a call the next one follows, and from when on it is late. */
const SPACING = 10;
const LATE = 5;
const GRACE = 0.5;

export class Ledger {
  now = 0;
  readonly people = new Map<string, Person>();
  /** What is false, in words. */
  readonly wrongs: string[] = [];
  /** Which mistakes were really made. */
  readonly made = new Set<string>();
  /** Who is served at each desk. */
  readonly #serving = new Map<string, Set<string>>();

  of(name: string): Person {
    const found = this.people.get(name);
    if (!found) throw new Error(`Nobody is called ${name}`);
    return found;
  }

  /** Something was done by `actor`, and recorded as `action`. */
  #did(name: string, actor: string, action: string): Person {
    const it = this.of(name);
    it.deeds.push(`${actor} ${action}`);
    return it;
  }

  wrong(what: string): void {
    const clock = `${Math.floor(this.now / 60)}:${String(Math.floor(this.now % 60)).padStart(2, '0')}`;
    this.wrongs.push(`${clock} ${what}`);
  }

  /** What is answered has to be one of these. */
  expect(what: string, answered: string, ...allowed: string[]): boolean {
    if (!allowed.includes(answered))
      this.wrong(`${what}: answered ${answered}, not ${allowed.join(' or ')}`);
    return allowed.includes(answered);
  }

  book(name: string, start: number, { isUnreachable = false } = {}): void {
    this.people.set(name, {
      name,
      start,
      standing: 'booked',
      cancelledBy: null,
      failed: [],
      calls: [],
      broken: 0,
      undone: null,
      lacksNumber: false,
      hasNewNumber: false,
      notes: null,
      deeds: ['citizen booked'],
      told: [],
      isUnreachable,
    });
  }

  move(name: string, start: number, actor: string): void {
    const it = this.#did(name, actor, 'moved');
    Object.assign(it, { start, standing: 'booked', calls: [] });
  }

  cancel(name: string, by: 'citizen' | 'office', actor: string): void {
    const it = this.#did(name, actor, 'cancelled');
    if (it.standing !== 'booked' && it.standing !== 'displaced')
      this.wrong(`${name} was cancelled though ${it.standing}`);
    it.standing = 'cancelled';
    it.cancelledBy = by;
  }

  /** Its desk is away, and no other is free at its hour. */
  displace(name: string): void {
    this.of(name).standing = 'displaced';
  }

  /** Their hour is over, and nobody called. Whoever was called at it was not forgotten. */
  forget(name: string): void {
    const it = this.of(name);
    const real = it.calls.filter(({ outcome }) => outcome !== 'wrong_number');
    if (it.standing !== 'booked' || it.lacksNumber || real.length > 0)
      this.wrong(
        `${name} is said not to be called, though ${it.standing} and called ${real.length} times`,
      );
    if (this.now < it.start + PROMISED) this.wrong(`${name} could still be called`);
    it.standing = 'displaced';
    it.broken++;
  }

  /** A call that nobody answered, or that somebody else did. */
  call(name: string, outcome: string, actor: string): void {
    const it = this.#did(name, actor, 'attempt');
    it.failed.push(this.now);
    it.calls.push({ at: this.now, outcome });
    it.lacksNumber = outcome === 'wrong_number';
  }

  undoCall(name: string, actor: string): void {
    const it = this.#did(name, actor, 'undone');
    it.failed.pop();
    it.calls.pop();
    it.undone = this.now;
  }

  mend(name: string): void {
    Object.assign(this.of(name), { lacksNumber: false, hasNewNumber: true });
  }

  begin(name: string, desk: string, actor: string, how: 'attempt' | 'started'): void {
    const it = this.#did(name, actor, how);
    if (!['booked', 'missed'].includes(it.standing))
      this.wrong(`${name} is begun though ${it.standing}`);
    const here = this.#serving.get(desk) ?? new Set();
    if (here.size > 0) this.wrong(`${desk} serves ${[...here]} and ${name}, and was not asked`);
    this.#serving.set(desk, here.add(name));
    it.standing = 'serving';
  }

  undoBegin(name: string, desk: string, actor: string): void {
    Object.assign(this.#did(name, actor, 'undone'), { standing: 'booked', undone: this.now });
    this.#serving.get(desk)?.delete(name);
  }

  takeOver(name: string, from: string, to: string, actor: string): void {
    this.#did(name, actor, 'taken_over');
    this.#serving.get(from)?.delete(name);
    this.#serving.set(to, (this.#serving.get(to) ?? new Set()).add(name));
  }

  save(name: string, notes: string, actor: string): void {
    this.#did(name, actor, 'saved').notes = notes;
  }

  close(name: string, desk: string, notes: string, actor: string): void {
    const it = this.#did(name, actor, 'closed');
    if (it.standing !== 'serving') this.wrong(`${name} is closed though ${it.standing}`);
    it.standing = 'served';
    it.notes = notes;
    this.#serving.get(desk)?.delete(name);
  }

  correct(name: string, notes: string, actor: string): void {
    this.#did(name, actor, 'corrected').notes = notes;
  }

  giveUp(name: string, actor: string): void {
    this.#did(name, actor, 'given_up').standing = 'missed';
  }

  /** Another desk has it; its citizen is told nothing, since the hour stays. */
  reassign(name: string, actor: string): void {
    this.#did(name, actor, 'reassigned');
  }

  /** Whoever nobody reached is missed once the promised time is over. Call it when time has passed. */
  pass(now: number): void {
    this.now = now;
    for (const it of this.people.values()) {
      const end = endOf(it);
      if (it.standing !== 'booked' || end === null || now < end) continue;
      it.standing = 'missed';
      if (it.failed.length < CALLS && !it.lacksNumber) this.made.add('called too few times');
    }
  }

  /** A mail arrives: what it claims must be true now. */
  receive(name: string, claim: Claim, messageId: string): void {
    const it = this.of(name);
    // A mail that a crash sent twice is the same mail.
    if (it.told.some((each) => each.messageId === messageId)) return;
    const why = falsehoodOf(claim, it, this.now);
    if (why) this.wrong(`${name} is told ${claim.kind}, but ${why}`);
    it.told.push({ ...claim, at: this.now, messageId });
  }

  /** What is left when the day is over: whoever has no outcome, and whoever believes what is not so. */
  finish(): void {
    for (const it of this.people.values()) {
      if (!['served', 'missed', 'cancelled'].includes(it.standing))
        this.wrong(`${it.name} of ${it.start} has no outcome: ${it.standing} ${it.deeds}`);
      if (it.isUnreachable) {
        if (it.told.length > 0) this.wrong(`${it.name} was told something at no address`);
        continue;
      }
      const believed = believedBy(it.told);
      if (believed.standing !== it.standing)
        this.wrong(`${it.name} is ${it.standing} and believes to be ${believed.standing}`);
      if (it.standing !== 'cancelled' && believed.start !== it.start)
        this.wrong(`${it.name} had ${it.start} and believes ${believed.start}`);
    }
  }

  /** How many promises to call were not kept. */
  get broken(): number {
    return [...this.people.values()].reduce((sum, each) => sum + each.broken, 0);
  }

  count(standing: Standing): number {
    return [...this.people.values()].filter((each) => each.standing === standing).length;
  }
}

/** Returns when somebody is missed; null: nobody has called them, or only another person's number. */
function endOf({ start, failed, calls, lacksNumber, undone }: Person): number | null {
  const last = failed.at(-1);
  if (failed.length >= CALLS && last !== undefined) return Math.max(start + PROMISED, last + GRACE);
  const real = calls.filter(({ outcome }) => lacksNumber || outcome !== 'wrong_number').at(-1);
  if (real === undefined) return null;
  const next = lacksNumber ? start + PROMISED : Math.max(start, real.at + SPACING);
  return Math.max(start + PROMISED, Math.max(next, undone ?? start) + LATE);
}

/** Returns why a claim is false of somebody at a moment; null: it is true. */
function falsehoodOf(claim: Claim, it: Person, now: number): string | null {
  const { kind, start } = claim;
  const is = (...some: Standing[]) => (some.includes(it.standing) ? null : `is ${it.standing}`);
  const isAt = start === it.start ? null : `${it.start} is the hour, not ${start}`;
  switch (kind) {
    case 'confirmation':
    case 'change':
      return is('booked') ?? isAt;
    case 'reminder':
    case 'soon':
      return is('booked') ?? isAt ?? (now <= it.start ? null : 'the hour has come');
    case 'late':
      return is('booked') ?? isAt ?? (it.failed.length > 0 ? 'was called' : null);
    case 'cancellation':
      return is('cancelled') ?? (claim.by === it.cancelledBy ? null : `by ${it.cancelledBy}`);
    case 'noshow':
      return is('missed');
    case 'number':
      return it.lacksNumber ? null : 'has a number';
    case 'contact':
      return it.hasNewNumber ? null : 'has the old number';
    case 'displaced':
      return is('displaced') ?? (it.start > now || it.broken === 0 ? null : 'was forgotten');
    case 'uncalled':
      return is('displaced') ?? (it.broken > 0 && it.start < now ? null : 'was not forgotten');
    case 'offer':
      return is('displaced');
    case 'survey':
      return is('served');
    default:
      return 'nobody knows that mail';
  }
}

/** What somebody believes who has read these mails. */
function believedBy(told: readonly Told[]): { standing: Standing | null; start: number | null } {
  let standing: Standing | null = null;
  let start: number | null = null;
  const means: Record<string, Standing> = {
    confirmation: 'booked',
    change: 'booked',
    cancellation: 'cancelled',
    noshow: 'missed',
    displaced: 'displaced',
    uncalled: 'displaced',
    survey: 'served',
  };
  for (const each of told) {
    standing = means[each.kind] ?? standing;
    if (each.kind === 'confirmation' || each.kind === 'change') start = each.start;
  }
  return { standing, start };
}
