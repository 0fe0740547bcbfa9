import type { RTCSession } from 'jssip/lib/RTCSession.js';
import { ifWanted } from '../device/late.ts';
import { Attempts } from './attempts.ts';
import { type About, Call, proposalOf, reportOf } from './call.ts';
import { Line, type Registration } from './line.ts';
import { type Kept, keep } from './memory.ts';
import { Panels } from './panels.ts';
import { listenToPage } from './presses.ts';
import { Region } from './region.ts';
import { report, whoCalls } from './server.ts';
import { newState, Shared } from './shared.ts';
import { TelephoneTabs } from './tabs.ts';

const BUSY = { status_code: 486 };
const DECLINED = { status_code: 603 };
/** A call that was asked for before the telephone was ready is made within this time only. */
const SOON_MS = 15_000;

/** Makes the region on the page a telephone. */
export function openTelephone(root: HTMLElement): void {
  const region = new Region(root);
  if (!navigator.locks || !navigator.mediaDevices) {
    region.show({ ...newState(root.dataset.share ?? ''), registration: 'insecure' });
    return;
  }
  const shared = new Shared(root, region);
  const telephone = new Telephone(shared);
  listenToPage(shared, telephone);
  telephone.open();
}

/** Makes and receives calls, while this tab is the telephone of its browser. */
export class Telephone {
  readonly attempts: Attempts;
  readonly panels: Panels;
  readonly tabs: TelephoneTabs;
  readonly #shared: Shared;
  #line: Line | null = null;
  #caller: RTCSession | null = null;
  /** The page is being left, and its call ends. */
  #isGoing = false;
  /** An action requested before this page was the telephone; it runs once it is. */
  #wanted: { act: () => void; until: number } | null = null;

  constructor(shared: Shared) {
    this.#shared = shared;
    this.attempts = new Attempts(shared);
    this.panels = new Panels(shared);
    this.tabs = new TelephoneTabs(shared.share, () => shared.isLive, {
      mine: () => this.#mine(),
      theirs: (isBusy) => this.#theirs(isBusy),
    });
  }

  open(): void {
    this.tabs.open();
    this.#shared.show();
  }

  async dial(number: string, about: Omit<About, 'direction'>): Promise<void> {
    if (this.#shared.isLive) return;
    const stream = await this.#shared.microphone();
    // After a second press, or with an incoming call, only one call gets the line.
    const kept = ifWanted(stream, !this.#shared.isLive && this.#line !== null);
    if (!kept || !this.#line) return;
    this.#begin(this.#line.dial(number, kept), { ...about, direction: 'out' }, kept);
    this.#shared.say('calling', about.who);
  }

  /** Dials here, once this tab is the telephone and registered. */
  dialHere(number: string, about: Omit<About, 'direction'>): void {
    this.#wanted = {
      act: () => void this.dial(number, about),
      until: performance.now() + SOON_MS,
    };
    this.tabs.want();
  }

  /** Answers the incoming call. */
  async answer(): Promise<void> {
    const session = this.#caller;
    const { who = '', found = [] } = this.#shared.state.ringing ?? {};
    if (!session) return;
    const stream = ifWanted(await this.#shared.microphone(), this.#caller === session);
    if (!stream) return;
    const open = found.find((each) => each.isOpen);
    this.#stopRinging();
    const appointment = open?.href.split('/').pop() ?? null;
    this.#begin(session, { direction: 'in', who, appointment, attempt: null }, stream);
    session.answer({ mediaStream: stream });
    if (open) this.#shared.persistentCall.visit(open.href);
  }

  sayBusy(): void {
    this.#caller?.terminate(BUSY);
  }

  decline(): void {
    this.#caller?.terminate(DECLINED);
  }

  dismiss(): void {
    this.#shared.setKept(null);
    this.#shared.show();
  }

  /** Closes the telephone when the page is left. */
  close(): void {
    this.#isGoing = true;
    this.#line?.close();
  }

  #mine(): void {
    const { base, state } = this.#shared;
    this.#line = new Line(base, () => this.#shared.isLive, {
      registration: (registration) => this.#registered(registration),
      incoming: (session) => this.#incoming(session),
    });
    this.#line.open();
    // A call that this tab remembers as live ended with its page.
    if (state.kept?.state === 'live' && !state.call) this.#interrupted(state.kept);
  }

  #theirs(isBusy: boolean): void {
    this.#wanted = null;
    this.#line?.close();
    this.#line = null;
    this.#shared.state.registration = isBusy ? 'elsewhereBusy' : 'elsewhere';
    this.#shared.show();
  }

  #registered(registration: Registration): void {
    if (registration === this.#shared.state.registration) return;
    this.#shared.state.registration = registration;
    if (registration !== 'connecting') this.#shared.say(registration);
    this.#shared.show();
    // It connects again by itself, perhaps soon enough.
    if (registration === 'connecting' || registration === 'lost') return;
    const wanted = this.#wanted;
    this.#wanted = null;
    if (registration === 'ready' && wanted && performance.now() < wanted.until) wanted.act();
  }

  #interrupted(kept: Kept): void {
    this.#shared.say('interrupted', kept.who);
    // An answered call is logged; one that was still ringing probably had no answer.
    if (!kept.isAnswered) kept.proposal = 'no_answer';
    if (kept.direction === 'in' || kept.isAnswered) keep(this.#shared.share, null);
    this.#shared.show();
  }

  #changed(): void {
    const { call } = this.#shared.state;
    if (call?.phase === 'rings' && !call.hasEarlyMedia) this.#shared.sound.ringback();
    this.#shared.show();
    this.tabs.changed();
  }

  #begin(session: RTCSession, about: About, stream: MediaStream): void {
    const { state, sound } = this.#shared;
    sound.quiet();
    this.panels.close();
    state.isLogged = false;
    const call = new Call(session, about, stream, {
      changed: () => state.call && this.#changed(),
      voice: (voice) => sound.hear(voice),
      answered: (answered) => this.#answered(answered),
      ended: (ended) => this.#ended(ended),
    });
    call.follow();
    state.call = call;
    this.#shared.setKept({
      ...about,
      id: call.id,
      state: 'live',
      proposal: null,
      status: null,
      isAnswered: about.direction === 'in',
    });
    this.#changed();
  }

  #answered(call: Call): void {
    const { kept } = this.#shared.state;
    this.#shared.sound.quiet();
    this.#changed();
    this.#shared.say('talking', call.about.who);
    if (kept?.id === call.id) this.#shared.setKept({ ...kept, isAnswered: true });
    void this.attempts.logAnswer(call);
  }

  #ended(call: Call): void {
    const { base, sound, state, region } = this.#shared;
    if (this.#isGoing) {
      report(base, { ...reportOf(call), endedBy: 'lost' });
      return;
    }
    sound.quiet();
    sound.hear(null);
    state.call = null;
    state.open = null;
    report(base, reportOf(call));
    const proposal = proposalOf(call);
    const known = state.kept?.id === call.id ? state.kept : null;
    this.#shared.setKept(
      known && proposal ? { ...known, state: 'over', proposal, status: call.status } : null,
    );
    region.say(this.#endedWords(call, proposal));
    this.#changed();
    region.clock(state);
  }

  #endedWords(call: Call, proposal: string | null): string {
    const { region } = this.#shared;
    if (proposal === 'exchange') return region.word('exchange', String(call.status ?? '–'));
    if (!proposal) return region.word('ended');
    return `${region.word(proposal)}. ${region.word('propose', call.about.who)}`;
  }

  #incoming(session: RTCSession): void {
    // One call and one incoming call are the maximum; a third is rejected as busy.
    if (this.#caller) {
      session.terminate(BUSY);
      return;
    }
    this.#caller = session;
    const { state, sound, region } = this.#shared;
    const number = session.remote_identity.uri.user ?? '';
    const isHidden = !/\d{3}/.test(number);
    const who = isHidden ? region.word('hidden') : number;
    state.ringing = { who, found: [], number: isHidden ? '' : number };
    if (state.call) sound.knock();
    else sound.ring();
    state.note = sound.isBlocked() ? region.word('blocked') : '';
    document.title = `☎ ${document.title}`;
    this.#tellCaller();
    if (!isHidden) void this.#nameCaller(session, number);
    session.on('failed', () => {
      if (this.#caller === session) this.#stopRinging();
    });
  }

  async #nameCaller(session: RTCSession, number: string): Promise<void> {
    const found = await whoCalls(this.#shared.base, number);
    const { state } = this.#shared;
    if (this.#caller !== session || !state.ringing) return;
    state.ringing = { who: found[0]?.name ?? state.ringing.who, found, number };
    this.#tellCaller();
  }

  #tellCaller(): void {
    const { call, ringing } = this.#shared.state;
    this.#shared.say(call ? 'second' : 'incoming', ringing?.who);
    this.#shared.show();
    this.tabs.changed();
  }

  #stopRinging(): void {
    const { state, sound } = this.#shared;
    this.#caller = null;
    state.ringing = null;
    state.note = '';
    document.title = document.title.replace('☎ ', '');
    sound.quiet();
    this.#shared.show();
    this.tabs.changed();
  }
}
