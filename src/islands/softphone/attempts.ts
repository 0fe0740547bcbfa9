import type { Call } from './call.ts';
import { logAttempt, wasVoicemail } from './server.ts';
import type { Shared } from './shared.ts';

/** Returns the form on the page that logs attempts of this appointment. It asks nothing: the call was made. */
export function attemptForm(appointment: string): HTMLFormElement | null {
  const form = document.querySelector<HTMLFormElement>('form#attempt');
  if (!form?.getAttribute('action')?.includes(appointment)) return null;
  const anyway = form.querySelector<HTMLInputElement>('[name="anyway"]');
  if (anyway) anyway.value = '1';
  return form;
}

/** Logs calls as attempts of appointments: with the form on the page where the appointment is open, else without it. */
export class Attempts {
  readonly #shared: Shared;

  constructor(shared: Shared) {
    this.#shared = shared;
  }

  /** Logs an answer at once, on the page of the appointment where it is open. */
  async logAnswer({ about: { appointment, attempt, direction } }: Call): Promise<void> {
    if (direction === 'in' || !appointment || !attempt) return;
    const { base, persistentCall, state } = this.#shared;
    const form = attemptForm(appointment);
    const button = document.querySelector<HTMLButtonElement>(
      'button[form="attempt"][name="outcome"]',
    );
    state.isLogged =
      form && button
        ? await persistentCall.submit(form, button)
        : await logAttempt(base, appointment, { number: attempt, outcome: 'answered' });
    if (!state.isLogged) this.#shared.say('notLogged');
    this.#shared.show();
  }

  /** Logs the attempt that the end of the last call proposed. */
  async logProposal(): Promise<void> {
    const { base, region, state } = this.#shared;
    const { kept } = state;
    if (!kept?.appointment || !kept.proposal) return;
    const { appointment, attempt, proposal } = kept;
    const form = attemptForm(appointment);
    const button = form?.querySelector<HTMLButtonElement>(`button[value="${proposal}"]`);
    this.#shared.setKept(null);
    if (form && button) return form.requestSubmit(button);
    const isKept = await logAttempt(base, appointment, {
      number: attempt ?? '',
      outcome: proposal,
    });
    if (isKept) this.#shared.say('logged', region.word(proposal));
    else {
      this.#shared.say('notLogged');
      this.#shared.setKept(kept);
    }
    this.#shared.show();
  }

  /** Hangs up on an answering machine, and removes the logged answer. */
  async sayVoicemail(): Promise<void> {
    const { base, persistentCall, state } = this.#shared;
    const { call } = state;
    if (!call?.about.appointment || !call.about.attempt) return;
    const { appointment, attempt } = call.about;
    call.hangUp();
    const isKept = await wasVoicemail(base, appointment, attempt);
    if (isKept) persistentCall.visit(`${base}/appointment/${appointment}`);
    else this.#shared.say('notLogged');
  }
}
