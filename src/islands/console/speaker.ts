/** So much is read out one by one; more is told by its number. */
const MOST_SAID = 2;
/** What comes together is said together. */
const TOGETHER_MS = 700;
/** Proxies and restarts interrupt for a moment; that is nobody's trouble. */
const LOST_AFTER_MS = 5_000;

/** Says things: read out politely, and beside the name in the bar while they last. */
export function createSpeaker(live: HTMLElement) {
  const words = live.dataset;
  let waiting: string[] = [];
  /** That there is a connection again: said first, and no change to be counted. */
  let back = '';
  let timer = 0;
  let losing = 0;
  let isLost = false;

  const read = (text: string) => {
    live.textContent = '';
    // The same words twice are news too.
    requestAnimationFrame(() => {
      live.textContent = text;
    });
  };

  const flush = () => {
    timer = 0;
    const news =
      waiting.length > MOST_SAID
        ? (words.many ?? '').replace('#', String(waiting.length))
        : waiting.join('. ');
    read([back, news].filter(Boolean).join('. '));
    waiting = [];
    back = '';
  };

  const flushSoon = () => {
    if (timer === 0) timer = window.setTimeout(flush, TOGETHER_MS);
  };

  const say = (text: string) => {
    if (!text || document.hidden) return;
    waiting.push(text);
    flushSoon();
  };

  const show = (text: string, link?: { href: string; text: string }) => {
    document.querySelector('#line')?.remove();
    if (!text) return;
    const line = document.createElement('span');
    line.id = 'line';
    line.className = 'tag warn';
    const sign = document.createElement('span');
    sign.setAttribute('aria-hidden', 'true');
    sign.textContent = '▲';
    line.append(sign, text);
    if (link) line.append(' ', anchor(link.href, link.text));
    document.querySelector('.bar-end')?.prepend(line);
  };

  return {
    say,

    lost: () => {
      if (losing > 0) return;
      losing = window.setTimeout(() => {
        isLost = true;
        show(words.lost ?? '');
        read(words.lost ?? '');
      }, LOST_AFTER_MS);
    },

    found: () => {
      clearTimeout(losing);
      losing = 0;
      if (!isLost) return;
      isLost = false;
      show('');
      if (document.hidden) return;
      back = words.back ?? '';
      flushSoon();
    },

    ended: (stop: () => void) => {
      stop();
      clearTimeout(losing);
      show(words.ended ?? '', { href: '/staff/sign-in', text: words.signIn ?? '' });
      say(words.ended ?? '');
    },

    stop: () => {
      clearTimeout(losing);
      clearTimeout(timer);
    },

    /** The appointment that is open: what somebody types there stays, and they are told where the new state is. */
    changed: () => {
      if (document.querySelector('#changed')) return;
      const note = document.createElement('p');
      note.id = 'changed';
      note.className = 'notice';
      note.append(words.changed ?? '', ' ', anchor(words.here ?? '', words.see ?? ''));
      document.querySelector('#person')?.after(note);
    },
  };
}

function anchor(href: string, text: string): HTMLAnchorElement {
  const link = document.createElement('a');
  link.href = href;
  link.textContent = text;
  return link;
}
