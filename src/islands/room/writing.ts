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

export function createWriting(isLive: boolean, deps: WritingDeps) {
  const state: Writing = { messages: [], draft: '', isLive, ended: new Map() };
  /** What the others have of the draft. */
  let shown = '';
  let timer = 0;

  const flush = () => {
    clearTimeout(timer);
    timer = 0;
    const wanted = state.isLive ? state.draft : '';
    const text = difference(shown, wanted);
    shown = wanted;
    if (text) deps.write(text);
  };

  return {
    state,
    /** What somebody who has just come sees of the draft. */
    typed: (): string => difference('', shown),

    type(draft: string) {
      state.draft = draft;
      if (state.isLive) timer ||= window.setTimeout(flush, TOGETHER_MS);
      deps.changed();
    },

    setLive(isOn: boolean) {
      state.isLive = isOn;
      flush();
      deps.changed();
    },

    send() {
      const text = state.draft.trim();
      if (!text) return;
      flush();
      if (state.isLive) deps.write(END);
      shown = state.draft = '';
      const id = crypto.randomUUID();
      state.messages.push({ id, side: 'citizen', name: '', isMine: true, text, state: 'sending' });
      deps.say(id, text);
      deps.changed();
    },

    /** A message came: another's, or one's own, which is kept now. Told twice after a lost connection it stands once. */
    take(message: Message) {
      const sent: Written = { ...message, state: 'sent' };
      const at = state.messages.findIndex(({ id }) => id === message.id);
      if (at >= 0) state.messages[at] = sent;
      else state.messages.push(sent);
      state.ended.delete(keyOf(message));
      deps.changed();
    },

    lost(id: string) {
      for (const each of state.messages) if (each.id === id) each.state = 'lost';
      deps.changed();
    },

    /** Somebody ended a line in real time. The message comes by another way, and may have been here first. */
    ended({ person }: Pick<Pair, 'person'>, line: string) {
      const [key, text] = [keyOf(person), bare(line)];
      const isHere = state.messages.some((each) => keyOf(each) === key && bare(each.text) === text);
      if (text && !isHere) state.ended.set(key, line);
    },

    /** Somebody has gone: nothing is typed there any more. What they ended comes as a message, or not at all. */
    gone({ person }: Pick<Pair, 'person'>) {
      state.ended.delete(keyOf(person));
    },
  };
}
