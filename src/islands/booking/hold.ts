/** As the server answers, and as the page brings in `data-state`. */
interface HoldState {
  seconds: number;
  mayExtend: boolean;
  said: string;
  soon: string;
  ended: string;
}

/** How long before the end it is told. */
const SOON_SECONDS = 120;

/**
 * Tells that the time will no longer be kept two minutes before, with a button that keeps it; and tells the end. Counts
 * from the seconds that the server said, never by this device's clock; a device that slept asks the server again.
 */
export function watchHold(notice: HTMLElement): void {
  const said = notice.querySelector('p');
  const offer = notice.querySelector<HTMLElement>('p[hidden]');
  const url = notice.dataset.url;
  if (!said || !url) return;
  let timer = 0;
  let asked = 0;

  const say = (text: string, isWarning: boolean) => {
    // Written only when it is news: a screen reader says it once.
    if (said.textContent !== text) said.textContent = text;
    notice.className = isWarning ? 'notice warn' : 'notice time';
  };

  const follow = (state: HoldState) => {
    window.clearTimeout(timer);
    const end = performance.now() + state.seconds * 1000;
    const tell = () => {
      const left = Math.ceil((end - performance.now()) / 1000);
      const isSoon = left > 0 && left <= SOON_SECONDS;
      if (offer) offer.hidden = !(isSoon && state.mayExtend);
      const extend = document.getElementById('extend');
      if (extend) extend.hidden = left <= 0 || !state.mayExtend;
      if (left <= 0) return say(state.ended, true);
      say(isSoon ? state.soon : state.said, isSoon);
      timer = window.setTimeout(tell, (isSoon ? left : left - SOON_SECONDS) * 1000);
    };
    tell();
  };

  const ask = async (method: 'GET' | 'POST') => {
    const mine = ++asked;
    const answer = await fetch(url, { method });
    // It has become an appointment, in another tab or before going back: its page says so.
    if (answer.redirected) location.replace(answer.url);
    else if (answer.status === 404) location.reload();
    else if (answer.ok) {
      const state = await answer.json();
      if (mine === asked) follow(state); // else a later one knows better
    }
    return answer.ok;
  };

  offer?.querySelector('button')?.addEventListener('click', async () => {
    const isDone = await ask('POST').catch(() => false);
    // By the form, which works wherever a page does.
    if (!isDone) document.querySelector<HTMLButtonElement>('#extend button')?.click();
    else notice.focus(); // the button is gone
  });
  const askAgain = () => {
    ask('GET').catch(() => {}); // without a connection it goes on counting
  };
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') askAgain();
  });
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) askAgain();
  });
  follow(JSON.parse(notice.dataset.state ?? '{}'));
}
