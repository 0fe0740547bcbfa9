import { qualityWord } from '../../features/service/softphone/rules.ts';
import type { Call } from './call.ts';
import type { Kept } from './memory.ts';
import type { CallerSaid } from './server.ts';

/** An incoming call without an answer yet. */
export interface Ringing {
  who: string;
  found: CallerSaid[];
  /** As the exchange shows it; empty: hidden. */
  number: string;
}

/** The state of the telephone that the region shows. */
export interface State {
  /** The name of the words for the registration. */
  registration: string;
  call: Call | null;
  ringing: Ringing | null;
  /** A call that is over, and its remaining actions. */
  kept: Kept | null;
  /** Whether its answer is logged, so that it can be changed to a machine's. */
  isLogged: boolean;
  open: 'dial' | 'sound' | 'pad' | null;
  /** The error of the last press, in words. */
  note: string;
}

const TAGS: Record<string, string> = {
  ready: 'good',
  connecting: 'plain',
  elsewhere: 'plain',
  elsewhereBusy: 'plain',
};
const SIGNS: Record<string, string> = { good: '✓', now: '●', warn: '▲', bad: '▲', plain: '' };

/** The buttons that open panels, each with its panel. */
const PANELS = [
  { button: 'keypad', panel: 'pad' },
  { button: 'dialOpen', panel: 'dial' },
  { button: 'soundOpen', panel: 'sound' },
] as const;

/** Returns the name of the words for the state of a call. */
function callWord(call: Call): string {
  if (call.isBroken) return 'reconnecting';
  if (call.isHeld) return 'held';
  return call.isMuted ? 'muted' : call.phase;
}

/** Returns minutes and seconds since a call was answered, else since it began. */
function clockText({ answeredAt, startedAt }: Call): string {
  const total = Math.floor((performance.now() - (answeredAt ?? startedAt)) / 1000);
  if (total < 0) return '';
  return `${Math.floor(total / 60)}:${String(total % 60).padStart(2, '0')}`;
}

/** An appointment that the caller may be calling about. */
function foundItem({ name, href, text }: CallerSaid): HTMLLIElement {
  const item = document.createElement('li');
  const link = document.createElement('a');
  link.href = href;
  link.textContent = name;
  item.append(link, ` ${text}`);
  return item;
}

/** The telephone's part of the page: shows its state. */
export class Region {
  readonly #root: HTMLElement;
  readonly #words: Record<string, string>;
  #said = '';
  /** Of whoever rings, and of the call that follows. */
  #number = '';

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#words = JSON.parse(root.dataset.words ?? '{}');
  }

  /** @throws when the page has no such part */
  part<E extends HTMLElement = HTMLElement>(name: string): E {
    const found = this.#root.querySelector<E>(`[data-part="${name}"]`);
    if (!found) throw new Error(`The telephone has no ${name}`);
    return found;
  }

  word(name: string, who = ''): string {
    return (this.#words[name] ?? '').replace('#', who);
  }

  /** Reads words out. */
  say(text: string): void {
    const region = this.part('said');
    region.textContent = '';
    this.#said = text;
    requestAnimationFrame(() => {
      region.textContent = this.#said;
    });
  }

  clock({ call }: State): void {
    this.#write('clock', call ? clockText(call) : '');
    this.#write('quality', call?.measured ? this.word(qualityWord(call.measured.quality)) : '');
  }

  show(state: State): void {
    const { call, registration, ringing } = state;
    this.#root.hidden = false;
    this.#root.dataset.state = call ? call.phase : ringing ? 'ringing' : registration;
    if (call) this.#showCall(call, state);
    else this.#showRegistration(state);
    if (!call && !ringing) this.#number = '';
    this.clock(state);
    this.#showRinging(state);
    this.#showKept(state);
    this.#showButtons(state);
    this.#showPanels(state);
  }

  /** Writes a text only when it changes: the page may be in use. */
  #write(name: string, text: string): void {
    const element = this.part(name);
    if (element.textContent !== text) element.textContent = text;
  }

  #toggle(name: string, isShown: boolean): void {
    this.part(name).hidden = !isShown;
  }

  #tag(kind: string, text: string): void {
    const sign = SIGNS[kind] ?? '';
    this.part('tag').className = `tag ${kind}`;
    this.#write('tag', sign ? `${sign} ${text}` : text);
  }

  #showRegistration({ registration, note }: State): void {
    this.#tag(TAGS[registration] ?? 'warn', this.word(registration));
    const { extension } = this.#root.dataset;
    this.#write(
      'about',
      note || (registration === 'ready' ? this.word('extension', extension) : ''),
    );
  }

  #showCall(call: Call, { registration, note }: State): void {
    const isWaiting = call.isBroken || call.isHeld || call.isMuted;
    this.#tag(isWaiting ? 'warn' : 'now', this.word(callWord(call), call.about.who));
    this.#write('about', note || (registration === 'lost' ? this.word('lost') : ''));
    this.#linkToBook('bookTalking');
  }

  /** Leads to a booking for the number that rang. */
  #linkToBook(part: string): void {
    const link = this.part<HTMLAnchorElement>(part);
    link.hidden = this.#number === '';
    link.href = `${this.#root.dataset.base}/book?${new URLSearchParams({ phone: this.#number })}`;
  }

  #showRinging({ ringing, call }: State): void {
    this.#toggle('incoming', ringing !== null);
    if (!ringing) return;
    this.#number = ringing.number;
    this.#linkToBook('bookRinging');
    this.#write('caller', this.word(call ? 'second' : 'incoming', ringing.who));
    // A second call is refused or left to ring; the first continues.
    this.#toggle('answer', call === null);
    const list = this.part('found');
    list.hidden = ringing.found.length === 0;
    if (list.childElementCount === ringing.found.length) return;
    list.replaceChildren(...ringing.found.map(foundItem));
  }

  #showKept({ kept, call }: State): void {
    this.#toggle('proposal', kept !== null && call === null);
    if (!kept) return;
    const { proposal, appointment } = kept;
    const isOutcome = proposal !== null && proposal !== 'exchange' && appointment !== null;
    this.#write('proposed', this.#proposed(kept));
    this.#toggle('log', isOutcome);
    if (isOutcome) this.#write('log', this.word('log', this.word(proposal)));
    this.#toggle('other', appointment !== null);
    const { base } = this.#root.dataset;
    this.part<HTMLAnchorElement>('other').href = `${base}/appointment/${appointment}`;
  }

  #proposed({ state, proposal, who, status }: Kept): string {
    if (state === 'live') return this.word('interrupted', who);
    if (proposal === 'exchange') return this.word('exchange', String(status ?? '–'));
    return `${this.word(proposal ?? '')}. ${this.word('propose', who)}`;
  }

  #showButtons({ call, registration, ringing, isLogged }: State): void {
    const isTalking = call?.phase === 'talking';
    this.#toggle('live', call !== null);
    this.#toggle('idle', call === null && ringing === null);
    for (const each of ['mute', 'hold', 'keypad']) this.#toggle(each, isTalking);
    this.#toggle('voicemail', isTalking && isLogged);
    this.#toggle('here', registration === 'elsewhere');
    this.#toggle('dialOpen', call === null && registration === 'ready');
    this.#write('muteWords', this.word(call?.isMuted ? 'unmute' : 'mute'));
    this.#write('holdWords', this.word(call?.isHeld ? 'resume' : 'hold'));
  }

  #showPanels({ call, open }: State): void {
    this.#toggle('pad', call?.phase === 'talking' && open === 'pad');
    this.#write('toned', call?.tones ?? '');
    this.#toggle('dial', call === null && open === 'dial');
    this.#toggle('sound', call === null && open === 'sound');
    for (const { button, panel } of PANELS)
      this.part(button).setAttribute('aria-expanded', String(open === panel));
  }
}
