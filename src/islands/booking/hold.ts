/** The state of a hold, as the server answers and as the page has it in `data-state`. */
interface HoldState {
  seconds: number;
  mayExtend: boolean;
  said: string;
  soon: string;
  ended: string;
}

/** The time before the end at which the notice appears. */
const SOON_SECONDS = 120;

/**
 * Shows a notice two minutes before the end of a hold, with a button that extends it, and another at the end. Counts from the seconds that
 * the server gives, never by this device's clock; after the device slept, it asks the server again.
 */
export function watchHold(notice: HTMLElement): void {
  const said = notice.querySelector('p');
  const offer = notice.querySelector<HTMLElement>('p[hidden]');
  const url = notice.dataset.url;
  if (!said || !url) return;
  let timer = 0;
  let asked = 0;

  const say = (text: string, isWarning: boolean) => {
    // Written only when it changes, so that a screen reader says it once.
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
    // The hold became an appointment, in another tab or before going back: its page shows that.
    if (answer.redirected) location.replace(answer.url);
    else if (answer.status === 404) location.reload();
    else if (answer.ok) {
      const state = await answer.json();
      if (mine === asked) follow(state); // otherwise a later answer is newer
    }
    return answer.ok;
  };

  offer?.querySelector('button')?.addEventListener('click', async () => {
    const isDone = await ask('POST').catch(() => false);
    // Uses the form, which also works without this script.
    if (!isDone) document.querySelector<HTMLButtonElement>('#extend button')?.click();
    else notice.focus(); // the button was removed
  });
  const askAgain = () => {
    ask('GET').catch(() => {}); // without a connection the count continues
  };
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') askAgain();
  });
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) askAgain();
  });
  follow(JSON.parse(notice.dataset.state ?? '{}'));
}
