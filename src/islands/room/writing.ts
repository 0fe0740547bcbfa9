import type { Message } from '../../features/service/room/types.ts';
import type { Pair } from './pairs.ts';
import { difference, END } from './t140.ts';

/** Something that was written, as the page shows it. */
export interface Written extends Message {
  /** `lost`: it could not be kept. */
  state: 'sending' | 'sent' | 'lost';
}

/** What is written beside the call. */
export interface Writing {
  messages: Written[];
  draft: string;
  /** Whether the others see what is typed while it is (EN 301 549, 6.2). */
  isLive: boolean;
  /** Lines that others have ended in real time, until they come as messages: by who wrote them. */
  ended: Map<string, string>;
}

export interface WritingDeps {
  /** To everybody, in real time. */
  write(text: string): void;
  /** To be kept. */
  say(id: string, text: string): void;
  changed(): void;
}

/** Real-time text goes out together so often (RFC 4103, 5.1: at most 300 ms). */
const TOGETHER_MS = 250;

const keyOf = ({ side, name }: Pick<Message, 'side' | 'name'>) => `${side} ${name}`;

/** What of a text is the same as a message and as a line of real-time text, which knows no breaks. */
const bare = (text: string): string => text.replaceAll(/[\p{Cc}\p{Z}\ufeff]/gu, '');

/** What is written beside a call: one's own draft, and what everybody has sent. */
export class WritingCtrl {
  readonly state: Writing;
  readonly #deps: WritingDeps;
  /** What the others have of the draft. */
  #shown = '';
  #timer = 0;

  constructor(isLive: boolean, deps: WritingDeps) {
    this.state = { messages: [], draft: '', isLive, ended: new Map() };
    this.#deps = deps;
  }

  /** What somebody who has just come sees of the draft. */
  typed(): string {
    return difference('', this.#shown);
  }

  type(draft: string): void {
    this.state.draft = draft;
    if (this.state.isLive) this.#timer ||= window.setTimeout(() => this.#flush(), TOGETHER_MS);
    this.#deps.changed();
  }

  setLive(isOn: boolean): void {
    this.state.isLive = isOn;
    this.#flush();
    this.#deps.changed();
  }

  send(): void {
    const text = this.state.draft.trim();
    if (!text) return;
    this.#flush();
    if (this.state.isLive) this.#deps.write(END);
    this.#shown = '';
    this.state.draft = '';
    const id = crypto.randomUUID();
    const own = { side: 'citizen', name: '', isMine: true } as const;
    this.state.messages.push({ ...own, id, text, state: 'sending' });
    this.#deps.say(id, text);
    this.#deps.changed();
  }

  /** A message came: another's, or one's own, which is kept now. Told twice after a lost connection it stands once. */
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

  /** Somebody ended a line in real time. The message comes by another way, and may have been here first. */
  ended({ person }: Pick<Pair, 'person'>, line: string): void {
    const key = keyOf(person);
    const text = bare(line);
    const isHere = this.state.messages.some(
      (each) => keyOf(each) === key && bare(each.text) === text,
    );
    if (text && !isHere) this.state.ended.set(key, line);
  }

  /** Somebody has gone: nothing is typed there any more. What they ended comes as a message, or not at all. */
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
