/** The number of messages read out one by one; more are read out as a count. */
const MOST_SAID = 2;
/** Messages within this time are read out together. */
const TOGETHER_MS = 700;
/** The time before a lost connection is shown: proxies and restarts interrupt for a moment. */
const LOST_AFTER_MS = 5_000;

/** Shows messages beside the name in the bar for a while, and reads them out politely. */
export class Speaker {
  readonly #live: HTMLElement;
  readonly #words: DOMStringMap;
  #waiting: string[] = [];
  /** The message that the connection is back: it comes first, and isn't counted as a change. */
  #back = '';
  #timer = 0;
  #losing = 0;
  #isLost = false;

  constructor(live: HTMLElement) {
    this.#live = live;
    this.#words = live.dataset;
  }

  say(text: string): void {
    if (!text || document.hidden) return;
    this.#waiting.push(text);
    this.#flushSoon();
  }

  lost(): void {
    if (this.#losing > 0) return;
    const { lost = '' } = this.#words;
    this.#losing = window.setTimeout(() => {
      this.#isLost = true;
      showLine(lost);
      this.#read(lost);
    }, LOST_AFTER_MS);
  }

  found(): void {
    clearTimeout(this.#losing);
    this.#losing = 0;
    if (!this.#isLost) return;
    this.#isLost = false;
    showLine('');
    if (document.hidden) return;
    this.#back = this.#words.back ?? '';
    this.#flushSoon();
  }

  ended(): void {
    const { ended = '', signIn = '' } = this.#words;
    clearTimeout(this.#losing);
    showLine(ended, anchor('/staff/sign-in', signIn));
    this.say(ended);
  }

  stop(): void {
    clearTimeout(this.#losing);
    clearTimeout(this.#timer);
  }

  /** Handles a change of the open appointment: typed text stays, and a message links to the new state. */
  changed(): void {
    if (document.querySelector('#changed')) return;
    const { changed = '', here = '', see = '' } = this.#words;
    const note = document.createElement('p');
    note.id = 'changed';
    note.className = 'notice';
    note.append(changed, ' ', anchor(here, see));
    document.querySelector('#person')?.after(note);
  }

  #read(text: string): void {
    this.#live.textContent = '';
    // Clearing first makes a screen reader repeat equal words.
    requestAnimationFrame(() => {
      this.#live.textContent = text;
    });
  }

  #flushSoon(): void {
    if (this.#timer === 0) this.#timer = window.setTimeout(() => this.#flush(), TOGETHER_MS);
  }

  #flush(): void {
    this.#timer = 0;
    const { length } = this.#waiting;
    const news =
      length > MOST_SAID
        ? (this.#words.many ?? '').replace('#', String(length))
        : this.#waiting.join('. ');
    this.#read([this.#back, news].filter(Boolean).join('. '));
    this.#waiting = [];
    this.#back = '';
  }
}

/** Shows a warning in the bar in place of the one before; '': none. */
function showLine(text: string, link?: HTMLAnchorElement): void {
  document.querySelector('#line')?.remove();
  if (!text) return;
  const line = document.createElement('span');
  line.id = 'line';
  line.className = 'tag warn';
  const sign = document.createElement('span');
  sign.setAttribute('aria-hidden', 'true');
  sign.textContent = '▲';
  line.append(sign, text);
  if (link) line.append(' ', link);
  document.querySelector('.bar-end')?.prepend(line);
}

function anchor(href: string, text: string): HTMLAnchorElement {
  const link = document.createElement('a');
  link.href = href;
  link.textContent = text;
  return link;
}
