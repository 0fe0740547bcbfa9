/**
 * A day as somebody would follow it on paper, from what the product promises: whose turn it is, what each act leads to, what
 * the citizen is written and when. It shares no code with the service. Times are minutes after the day's midnight; earlier
 * days are negative.
 */

export type PaperStatus = 'booked' | 'in_progress' | 'fulfilled' | 'noshow' | 'cancelled';

export interface PaperAppointment {
  name: string;
  start: number;
  desk: string;
  status: PaperStatus;
  /** When each failed call was made. */
  failed: number[];
  attempts: string[];
  /** The calls since it got its hour: when, and how each ended. */
  calls: { at: number; outcome: string }[];
  /** The number on file is another person's. */
  lacksNumber: boolean;
  /** Since when it is attended, and at which desk. */
  since: number;
  at: string | null;
  version: number;
  /** `kind actor`, in order. */
  events: string[];
  /** `actor action`, in order. */
  trail: string[];
  /** `kind minute`, in order. */
  mails: string[];
  /** What is to be sent later. */
  reminders: {
    kind: 'reminder' | 'soon' | 'noshow' | 'number' | 'cancellation';
    from: number;
    until: number;
  }[];
  /** How late they were told that it would be, each time. */
  told: number[];
}

const LENGTH = 15;
const SPACING = 10;
const CALLS = 3;
const PROMISED = 30;
/** A call that is due for so long is late. */
const LATE = 5;
/** Half a minute, in which what would be told can be taken back. */
const GRACE = 0.5;
const LEAD = 60;
const DAY = 24 * 60;
/** The desks' shifts: a start every twenty minutes, all of each within. */
const [OPENS, CLOSES, EVERY] = [9 * 60, 14 * 60, 20];

export type Verdict = 'ok' | 'not_open' | 'stale' | 'refused';

/** When an appointment ends since all calls failed; null: calls are left. */
function endOf({ start, failed, attempts }: PaperAppointment): number | null {
  const last = failed.at(-1);
  if (attempts.length < CALLS || last === undefined || attempts.at(-1) === 'answered') return null;
  return Math.max(start + PROMISED, last + GRACE);
}

/** When an appointment ends whose citizen was called, though not as often as promised; null: nobody has called them. */
function stopOf({ start, calls, lacksNumber }: PaperAppointment): number | null {
  const real = calls.filter(({ outcome }) => lacksNumber || outcome !== 'wrong_number');
  const last = real.at(-1);
  if (last === undefined) return null;
  const next = lacksNumber ? start + PROMISED : last.at + SPACING;
  return Math.max(start + PROMISED, next + LATE);
}

export class PaperDay {
  now = 0;
  readonly all = new Map<string, PaperAppointment>();
  readonly #desks: readonly string[];
  constructor(desks: readonly string[]) {
    this.#desks = desks;
  }

  of(name: string): PaperAppointment {
    const found = this.all.get(name);
    if (!found) throw new Error(`Nobody is called ${name}`);
    return found;
  }

  /** Whether a time can be had: offered, far enough ahead, and a desk is left. */
  isFree(start: number, except?: string): boolean {
    const ofDay = ((start % DAY) + DAY) % DAY;
    const isOffered = ofDay >= OPENS && ofDay + LENGTH <= CLOSES && (ofDay - OPENS) % EVERY === 0;
    const taken = [...this.all.values()].filter(
      (each) => each.start === start && each.status !== 'cancelled' && each.name !== except,
    );
    return isOffered && start - this.now >= LEAD && taken.length < this.#desks.length;
  }

  book(name: string, start: number, desk: string, actor: string): void {
    const made: PaperAppointment = {
      ...{ name, start, desk, status: 'booked', failed: [], attempts: [], lacksNumber: false },
      calls: [],
      ...{
        since: 0,
        at: null,
        version: 0,
        events: [],
        trail: [],
        mails: [],
        reminders: [],
        told: [],
      },
    };
    this.all.set(name, made);
    made.events.push(`booked ${actor}`);
    made.trail.push(`${actor} booked`);
    this.#write(made, 'confirmation');
    this.#remind(made);
  }

  /** Who asks is the citizen, until the hour has come, or a member of staff as long as it is booked. */
  mayChange({ status, start }: PaperAppointment, actor: string): boolean {
    return status === 'booked' && (actor !== 'citizen' || this.now < start);
  }

  move(name: string, start: number, desk: string, actor: string): void {
    const it = this.of(name);
    if (start === it.start) return;
    Object.assign(it, { start, desk, told: [], calls: [] });
    it.events.push(`moved ${actor}`);
    it.trail.push(`${actor} moved`);
    this.#write(it, 'change');
    this.#remind(it);
  }

  cancel(name: string, actor: string): Verdict {
    const it = this.of(name);
    if (!this.mayChange(it, actor)) return 'not_open';
    this.#become(it, 'cancelled', actor, 'cancelled');
    it.trail.push(`${actor} cancelled`);
    if (actor === 'citizen') this.#write(it, 'cancellation');
    else this.#writeSoon(it, 'cancellation');
    return 'ok';
  }

  call(
    name: string,
    number: number,
    outcome: string,
    by: { actor: string; desk: string },
  ): Verdict {
    const it = this.of(name);
    if (it.status !== 'booked') return 'not_open';
    if (number !== it.attempts.length + 1 || it.lacksNumber) return 'stale';
    if (endOf(it) !== null) return 'not_open';
    it.attempts.push(outcome);
    it.events.push(`attempt ${by.actor}`);
    it.trail.push(`${by.actor} attempt`);
    if (outcome === 'answered') this.#begin(it, by);
    else {
      it.failed.push(this.now);
      it.calls.push({ at: this.now, outcome });
      it.lacksNumber = outcome === 'wrong_number';
      if (endOf(it) === null && it.lacksNumber) this.#writeSoon(it, 'number');
    }
    return 'ok';
  }

  /**
   * Another number: said by the citizen, after their hour too where there is none to call, or by a desk, after the end too. Those
   * who were reached before are told.
   */
  mend(name: string, actor: string): Verdict {
    const it = this.of(name);
    const may =
      actor === 'citizen'
        ? this.mayChange(it, actor) || (it.status === 'booked' && it.lacksNumber)
        : it.status !== 'cancelled';
    if (!may) return 'not_open';
    this.#write(it, 'contact');
    it.lacksNumber = false;
    it.events.push(`contact_changed ${actor}`);
    it.trail.push(`${actor} contact_changed`);
    return 'ok';
  }

  /** Nobody told us another number in time. */
  giveUp(name: string, actor: string): Verdict {
    const it = this.of(name);
    if (it.status !== 'booked' || !it.lacksNumber) return 'not_open';
    this.#become(it, 'noshow', actor, 'noshow');
    this.#writeSoon(it, 'noshow');
    it.trail.push(`${actor} given_up`);
    return 'ok';
  }

  /** Somebody rang back, even after they were given up. */
  start(name: string, by: { actor: string; desk: string }): Verdict {
    const it = this.of(name);
    if (it.status !== 'booked' && it.status !== 'noshow') return 'not_open';
    this.#begin(it, by);
    it.trail.push(`${by.actor} started`);
    return 'ok';
  }

  save(name: string, version: number, actor: string): Verdict {
    const it = this.of(name);
    if (it.status !== 'in_progress') return 'not_open';
    if (version !== it.version) return 'stale';
    it.version++;
    it.events.push(`saved ${actor}`);
    it.trail.push(`${actor} saved`);
    return 'ok';
  }

  close(name: string, version: number, actor: string): Verdict {
    const it = this.of(name);
    if (it.status !== 'in_progress') return 'not_open';
    if (version !== it.version) return 'stale';
    it.version++;
    it.trail.push(`${actor} closed`);
    this.#become(it, 'fulfilled', actor, 'fulfilled');
    this.#write(it, 'survey');
    return 'ok';
  }

  answer(name: string): Verdict {
    const it = this.of(name);
    if (!['fulfilled', 'noshow', 'cancelled'].includes(it.status)) return 'not_open';
    it.events.push('surveyed citizen');
    return 'ok';
  }

  /** Time has come as far as `now`: reminders go out, and who will be called late is told. */
  pass(now: number): void {
    this.now = now;
    for (const it of this.all.values()) {
      for (const each of it.reminders.filter(({ from }) => from <= now))
        if (now < each.until) this.#write(it, each.kind);
      it.reminders = it.reminders.filter(({ from }) => from > now);
    }
    for (const it of this.all.values()) {
      const end = endOf(it) ?? stopOf(it);
      if (it.status !== 'booked' || end === null || end > now) continue;
      this.#become(it, 'noshow', 'system', 'noshow');
      this.#write(it, 'noshow');
    }
    for (const desk of this.#desks) this.#tellLate(desk);
  }

  /** Whom a desk attends next: what it has begun, else who was due first. */
  next(desk: string): PaperAppointment | null {
    const today = [...this.all.values()].filter((each) => each.start >= 0 && each.start < DAY);
    const begun = today.find((each) => each.status === 'in_progress' && each.at === desk);
    const waiting = today
      .filter((each) => each.desk === desk && each.status === 'booked' && endOf(each) === null)
      .sort(
        (a, b) =>
          this.due(a) - this.due(b) || a.failed.length - b.failed.length || a.start - b.start,
      );
    return begun ?? waiting[0] ?? null;
  }

  /**
   * When there is something to do for them: a call at their hour, or some minutes after the last try, or at once where the number
   * is new; without a number, what was promised is over.
   */
  due({ start, failed, attempts, lacksNumber }: PaperAppointment): number {
    if (lacksNumber) return start + PROMISED;
    const last = attempts.at(-1) === 'wrong_number' ? undefined : failed.at(-1);
    return last === undefined ? start : Math.max(start, last + SPACING);
  }

  #begin(it: PaperAppointment, { actor, desk }: { actor: string; desk: string }): void {
    this.#become(it, 'in_progress', actor, 'started');
    Object.assign(it, { since: this.now, at: desk, version: 1 });
  }

  #become(it: PaperAppointment, status: PaperStatus, actor: string, event: string): void {
    it.status = status;
    it.reminders = [];
    it.events.push(`${event} ${actor}`);
  }

  /** Written half a minute later, unless it isn't true any more. */
  #writeSoon(it: PaperAppointment, kind: 'noshow' | 'number' | 'cancellation'): void {
    it.reminders.push({ kind, from: this.now + GRACE, until: Number.POSITIVE_INFINITY });
  }

  #write(it: PaperAppointment, kind: string): void {
    it.mails.push(`${kind} ${this.now}`);
  }

  /** Two working days before at ten, unless they were told within twelve hours; an hour before, unless within two. */
  #remind(it: PaperAppointment): void {
    const day = Math.floor(it.start / DAY);
    // Monday is the day 0 of this paper; nobody works on Saturday and Sunday.
    const before = ((day % 7) + 7) % 7 < 2 ? day - 4 : day - 2;
    const first = before * DAY + 10 * 60;
    it.reminders = [
      { kind: 'reminder' as const, from: first, until: (before + 1) * DAY, notice: 12 * 60 },
      { kind: 'soon' as const, from: it.start - 60, until: it.start - 10, notice: 2 * 60 },
    ].filter(({ from, notice }) => from - this.now >= notice);
  }

  /** Says once how late a call will be, and once more when it has become much later. */
  #tellLate(desk: string): void {
    const { now } = this;
    const here = [...this.all.values()]
      .filter((each) => (each.at ?? each.desk) === desk && each.status !== 'cancelled')
      .filter(({ start }) => start > now - 12 * 60 && start <= now + 15)
      .sort((a, b) => a.start - b.start);
    const isWaiting = (it: PaperAppointment) => it.status === 'booked' && it.attempts.length === 0;
    const begun = here.filter((each) => !isWaiting(each) && each.start <= now).at(-1);
    let free = now;
    for (const each of here)
      if (each.status === 'in_progress') free = Math.max(free, each.since + LENGTH);
    for (const it of here.filter(isWaiting)) {
      const begins = Math.max(it.start, free);
      const isGivenUp = now - it.start >= PROMISED || (begun && begun.start > it.start);
      if (!isGivenUp) free = begins + LENGTH;
      const late = begins - it.start;
      if (late < 10 || now - it.start >= 120) continue;
      const minutes = late - (late % 5) + 5;
      const isNews =
        it.told.length === 0 || (it.told.length === 1 && minutes >= (it.told[0] ?? 0) + 20);
      if (!isNews) continue;
      it.told.push(minutes);
      it.events.push('delayed system');
      this.#write(it, 'late');
    }
  }
}
