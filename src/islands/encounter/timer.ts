const TICK_MS = 10_000;

/** Shows the duration of the encounter, minute by minute, and when the hour of the next appointment has come. */
export function runTimer(): void {
  const timer = document.getElementById('timer');
  if (!timer) return;
  const { now = '', since = '', until = '' } = timer.dataset;
  // The server's clock, from which this machine's may differ.
  const ahead = Date.parse(now) - performance.now();
  const clock = () => performance.now() + ahead;
  const tick = () => {
    if (!timer.isConnected) return window.clearInterval(ticking);
    const minutes = Math.max(0, Math.floor((clock() - Date.parse(since)) / 60_000));
    const isPast = clock() >= Date.parse(until);
    const words = (isPast ? timer.dataset.past : timer.dataset.running) ?? '';
    const span = minutes < 1 ? (timer.dataset.moment ?? '') : spanIn(minutes);
    say(timer.querySelector('p'), words.replace('#', span));
    const following = document.getElementById('following');
    if (!following || clock() < Date.parse(following.dataset.at ?? '')) return;
    following.classList.add('it-is-time');
    say(following, following.dataset.time ?? '');
  };
  const ticking = window.setInterval(tick, TICK_MS);
  document.addEventListener('visibilitychange', tick);
}

/** Writes only changes, since a status would be read out again. */
function say(element: Element | null, text: string): void {
  if (element && element.textContent !== text) element.textContent = text;
}

function spanIn(minutes: number): string {
  const language = document.documentElement.lang;
  const say = (value: number, unit: 'hour' | 'minute', unitDisplay: 'long' | 'short') =>
    new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay }).format(value);
  if (minutes < 60) return say(minutes, 'minute', 'long');
  return `${say(Math.floor(minutes / 60), 'hour', 'short')} ${say(minutes % 60, 'minute', 'short')}`;
}
