import type { Message } from '../../features/service/room/types.ts';
import type { Pair } from './pairs.ts';
import { difference, END } from './t140.ts';

/** A message as the page shows it. */
export interface Written extends Message {
  /** `lost`: it could not be stored. */
  state: 'sending' | 'sent' | 'lost';
}

/** The messages and the draft beside the call. */
export interface Writing {
  messages: Written[];
  draft: string;
  /** Whether the others see the text while it is typed (EN 301 549, 6.2). */
  isLive: boolean;
  /** Lines that others have ended in real time, until they arrive as messages: by writer. */
  ended: Map<string, string>;
  /** What was not sent, or could not be, when the agent pressed to close the encounter; '' for none. */
  unsent: string;
}

export interface WritingDeps {
  /** Sends real-time text to everybody. */
  write(text: string): void;
  /** Sends a message to be stored. */
  say(id: string, text: string): void;
  changed(): void;
}

/** The interval at which real-time text is sent (RFC 4103, 5.1: at most 300 ms). */
const TOGETHER_MS = 250;

const keyOf = ({ side, name }: Pick<Message, 'side' | 'name'>) => `${side} ${name}`;

/** Returns the part of a text that is equal in a message and in a line of real-time text, which has no line breaks. */
const bare = (text: string): string => text.replaceAll(/[\p{Cc}\p{Z}\ufeff]/gu, '');

/** The writing beside a call: one's own draft, and everybody's messages. */
export class WritingCtrl {
  readonly state: Writing;
  readonly #deps: WritingDeps;
  /** The part of the draft that the others have. */
  #shown = '';
  #timer = 0;

  constructor(isLive: boolean, deps: WritingDeps) {
    this.state = { messages: [], draft: '', isLive, ended: new Map(), unsent: '' };
    this.#deps = deps;
  }

  /** Returns the part of the draft for a person who has just joined. */
  typed(): string {
    return difference('', this.#shown);
  }

  type(draft: string): void {
    this.state.draft = draft;
    this.state.unsent = '';
    if (this.state.isLive) this.#timer ||= window.setTimeout(() => this.#flush(), TOGETHER_MS);
    this.#deps.changed();
  }

  setLive(isOn: boolean): void {
    this.state.isLive = isOn;
    this.#flush();
    this.#deps.changed();
  }

  /** Returns whether the encounter may be closed without a question: all that was written was sent, or it was asked about before. */
  mayClose(): boolean {
    const { draft, messages, unsent } = this.state;
    const onTheWay = messages.filter(({ state }) => state !== 'sent').map(({ text }) => text);
    const left = [...onTheWay, draft.trim()].filter(Boolean).join('\n');
    if (left === unsent) return true;
    this.state.unsent = left;
    this.#deps.changed();
    return left === '';
  }

  send(): void {
    const text = this.state.draft.trim();
    if (!text) return;
    this.#flush();
    if (this.state.isLive) this.#deps.write(END);
    this.#shown = '';
    this.state.draft = '';
    this.state.unsent = '';
    const id = crypto.randomUUID();
    const own = { side: 'citizen', name: '', isMine: true } as const;
    this.state.messages.push({ ...own, id, text, state: 'sending' });
    this.#deps.say(id, text);
    this.#deps.changed();
  }

  /** Returns whether a message is here already: all are sent again to a page that comes back. */
  has({ id }: Message): boolean {
    return this.state.messages.some((each) => each.id === id);
  }

  /** Adds a message: another person's, or one's own that is now stored. A message repeated after a lost connection is added once. */
  take(message: Message): void {
    const { messages, ended } = this.state;
    const sent: Written = { ...message, state: 'sent' };
    const at = messages.findIndex(({ id }) => id === message.id);
    if (at >= 0) messages[at] = sent;
    else messages.push(sent);
    ended.delete(keyOf(message));
    this.#deps.changed();
  }

  lost(id: string): void {
    for (const each of this.state.messages) if (each.id === id) each.state = 'lost';
    this.#deps.changed();
  }

  /** Handles the end of a line in real time. The message takes another way, and may have arrived first. */
  ended({ person }: Pick<Pair, 'person'>, line: string): void {
    const key = keyOf(person);
    const text = bare(line);
    const isHere = this.state.messages.some(
      (each) => keyOf(each) === key && bare(each.text) === text,
    );
    if (text && !isHere) this.state.ended.set(key, line);
  }

  /** Handles a person leaving: their typed text is removed. Lines that they ended arrive as messages, or not at all. */
  gone({ person }: Pick<Pair, 'person'>): void {
    this.state.ended.delete(keyOf(person));
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = 0;
    const wanted = this.state.isLive ? this.state.draft : '';
    const text = difference(this.#shown, wanted);
    this.#shown = wanted;
    if (text) this.#deps.write(text);
  }
}
