import { handDialled, numberIn } from '../../features/service/softphone/rules.ts';
import { attemptForm } from './attempts.ts';
import type { Shared } from './shared.ts';
import type { Telephone } from './telephone.ts';

const CLOCK_MS = 1000;

/** Handles presses and input on the page with the telephone. */
export function listenToPage(shared: Shared, telephone: Telephone): void {
  const actions = actionsOf(shared, telephone);
  shared.root.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest('button') : null;
    const { part: name = '', tone } = button?.dataset ?? {};
    if (tone) shared.state.call?.press(tone);
    else actions[name]?.();
  });
  shared.region.part('dial').addEventListener('submit', (event) => {
    event.preventDefault();
    dialTyped(shared, telephone);
  });
  document.addEventListener('click', (event) => callLink(event, shared, telephone));
  addEventListener('pagehide', () => telephone.close());
  setInterval(() => shared.region.clock(shared.state), CLOCK_MS);
}

/** Returns the action of each button, by the name of its part. */
function actionsOf({ state, sound }: Shared, telephone: Telephone): Record<string, () => void> {
  const { attempts, panels, tabs } = telephone;
  return {
    answer: () => void telephone.answer(),
    busy: () => telephone.sayBusy(),
    decline: () => telephone.decline(),
    hangUp: () => state.call?.hangUp(),
    mute: () => state.call?.toggleMute(),
    hold: () => state.call?.toggleHold(),
    voicemail: () => void attempts.sayVoicemail(),
    keypad: () => panels.toggle('pad'),
    dialOpen: () => panels.toggle('dial'),
    soundOpen: () => panels.toggle('sound'),
    tone: () => sound.try(),
    here: () => tabs.want(),
    log: () => void attempts.logProposal(),
    dismiss: () => telephone.dismiss(),
  };
}

/** Calls the typed number, or shows the mistake in it. */
function dialTyped({ root, region }: Shared, telephone: Telephone): void {
  const { prefix = '', country = '' } = root.dataset;
  const field = root.querySelector<HTMLInputElement>('#phone-number');
  const number = handDialled(field?.value ?? '', prefix, country);
  region.part('wrong').textContent = number ? '' : region.word('wrong');
  field?.setAttribute('aria-invalid', String(number === null));
  if (number === null) {
    field?.focus();
    return;
  }
  const who = field?.value.trim() ?? '';
  void telephone.dial(number, { who, appointment: null, attempt: null });
}

/** Calls the number of a link, once the telephone is registered; until then the link works as usual. */
function callLink(event: MouseEvent, { state }: Shared, telephone: Telephone): void {
  const link = event.target instanceof Element ? event.target.closest('a[href^="tel:"]') : null;
  const number = link instanceof HTMLAnchorElement ? numberIn(link.href) : null;
  if (!(link instanceof HTMLElement) || !number) return;
  const isElsewhere = state.registration === 'elsewhere';
  if (state.registration !== 'ready' && !isElsewhere) return;
  event.preventDefault();
  const { appointment = null, name = number } = link.dataset;
  const attempt =
    appointment && attemptForm(appointment)?.querySelector<HTMLInputElement>('[name="number"]');
  const about = { who: name, appointment, attempt: attempt ? attempt.value : null };
  if (isElsewhere) telephone.dialHere(number, about);
  else void telephone.dial(number, about);
}
