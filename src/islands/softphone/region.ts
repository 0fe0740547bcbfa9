import { qualityWord } from '../../features/service/softphone/rules.ts';
import type { Call } from './call.ts';
import type { Kept } from './memory.ts';
import type { CallerSaid } from './server.ts';

/** Somebody who calls and isn't answered yet. */
export interface Ringing {
  who: string;
  found: CallerSaid[];
}

export interface State {
  /** The name of the words that say whether the telephone works. */
  registration: string;
  call: Call | null;
  ringing: Ringing | null;
  /** A call that is over, and what is left to say about it. */
  kept: Kept | null;
  /** Whether its answer is logged, so that it can be said to be a machine's. */
  isLogged: boolean;
  open: 'dial' | 'sound' | 'pad' | null;
  /** What went wrong with the last thing that was pressed, in words. */
  note: string;
}

const TAGS: Record<string, string> = {
  ready: 'good',
  connecting: 'plain',
  elsewhere: 'plain',
  elsewhereBusy: 'plain',
};
const SIGNS: Record<string, string> = { good: '✓', now: '●', warn: '▲', bad: '▲', plain: '' };

export function createRegion(root: HTMLElement) {
  const words: Record<string, string> = JSON.parse(root.dataset.words ?? '{}');
  const part = <E extends HTMLElement = HTMLElement>(name: string): E => {
    const found = root.querySelector<E>(`[data-part="${name}"]`);
    if (!found) throw new Error(`The telephone has no ${name}`);
    return found;
  };
  /** Somebody types a number meanwhile, or reads: nothing is put anew that stays the same. */
  const write = (name: string, text: string) => {
    const element = part(name);
    if (element.textContent !== text) element.textContent = text;
  };
  const show = (name: string, isShown: boolean) => {
    part(name).hidden = !isShown;
  };
  const word = (name: string, who = '') => (words[name] ?? '').replace('#', who);

  const tagOf = (kind: string, text: string) => {
    const tag = part('tag');
    const sign = SIGNS[kind] ?? '';
    tag.className = `tag ${kind}`;
    const wanted = sign ? `${sign} ${text}` : text;
    if (tag.textContent !== wanted) tag.textContent = wanted;
  };

  /** The state in words: of the call, else of the telephone. */
  const formatState = ({ call, registration, note }: State) => {
    if (!call) {
      tagOf(TAGS[registration] ?? 'warn', word(registration));
      const extension = registration === 'ready' ? word('extension', root.dataset.extension) : '';
      write('about', note || extension);
      return;
    }
    const name = call.isBroken
      ? 'reconnecting'
      : call.isHeld
        ? 'held'
        : call.isMuted
          ? 'muted'
          : call.phase;
    const isWaiting = call.isBroken || call.isHeld || call.isMuted;
    tagOf(isWaiting ? 'warn' : 'now', word(name, call.about.who));
    write('about', note || (registration === 'lost' ? word('lost') : ''));
  };

  const clock = ({ call }: State) => {
    const since = call?.answeredAt ?? call?.startedAt;
    const total = since === undefined ? -1 : Math.floor((performance.now() - since) / 1000);
    const text =
      total < 0 ? '' : `${Math.floor(total / 60)}:${String(total % 60).padStart(2, '0')}`;
    write('clock', text);
    write('quality', call?.measured ? word(qualityWord(call.measured.quality)) : '');
  };

  const formatRinging = ({ ringing, call }: State) => {
    show('incoming', ringing !== null);
    if (!ringing) return;
    write('caller', word(call ? 'second' : 'incoming', ringing.who));
    // A second call is refused or left to ring; the first is not dropped for it.
    show('answer', call === null);
    const list = part('found');
    list.hidden = ringing.found.length === 0;
    if (list.childElementCount === ringing.found.length) return;
    list.replaceChildren(
      ...ringing.found.map(({ name, href, text }) => {
        const item = document.createElement('li');
        const link = document.createElement('a');
        link.href = href;
        link.textContent = name;
        item.append(link, ` ${text}`);
        return item;
      }),
    );
  };

  const formatKept = ({ kept, call }: State) => {
    show('proposal', kept !== null && call === null);
    if (!kept) return;
    const { proposal, appointment, who, status } = kept;
    const isOutcome = proposal !== null && proposal !== 'exchange' && appointment !== null;
    write(
      'proposed',
      kept.state === 'live'
        ? word('interrupted', who)
        : proposal === 'exchange'
          ? word('exchange', String(status ?? '–'))
          : `${word(proposal ?? '')}. ${word('propose', who)}`,
    );
    show('log', isOutcome);
    if (isOutcome) write('log', word('log', word(proposal)));
    show('other', appointment !== null);
    part<HTMLAnchorElement>('other').href = `${root.dataset.base}/appointment/${appointment}`;
  };

  let said = '';
  return {
    part,
    word,

    /** Reads words out. */
    say(text: string): void {
      const region = part('said');
      region.textContent = '';
      said = text;
      requestAnimationFrame(() => {
        region.textContent = said;
      });
    },

    clock,

    show(state: State): void {
      const { call, registration, ringing, open } = state;
      root.hidden = false;
      root.dataset.state = call ? call.phase : ringing ? 'ringing' : registration;
      formatState(state);
      clock(state);
      formatRinging(state);
      formatKept(state);
      const isTalking = call?.phase === 'talking';
      show('live', call !== null);
      show('idle', call === null && ringing === null);
      for (const each of ['mute', 'hold', 'keypad']) show(each, isTalking);
      show('voicemail', isTalking && state.isLogged);
      show('here', registration === 'elsewhere');
      show('dialOpen', call === null && registration === 'ready');
      write('muteWords', word(call?.isMuted ? 'unmute' : 'mute'));
      write('holdWords', word(call?.isHeld ? 'resume' : 'hold'));
      show('pad', isTalking && open === 'pad');
      write('toned', call?.tones ?? '');
      show('dial', call === null && open === 'dial');
      show('sound', call === null && open === 'sound');
      for (const [button, panel] of [
        ['keypad', 'pad'],
        ['dialOpen', 'dial'],
        ['soundOpen', 'sound'],
      ] as const)
        part(button).setAttribute('aria-expanded', String(open === panel));
    },
  };
}
