type State = 'saved' | 'saving' | 'lost' | 'ended' | 'over' | 'wait' | 'invalid';

export interface States {
  read(text: string): void;
  isLost(): boolean;
  saved(time: string): void;
  saving(): void;
  wrong(which: 'lost' | 'ended' | 'over' | 'wait' | 'invalid', text?: string): void;
}

const find = (id: string) => document.getElementById(id);

/** Shows the state of saving. Every state is visible; only failures and their end are read out, since the agent is on the telephone. */
export function createStates(form: HTMLFormElement): States {
  const words = form.dataset;
  let state: State | null = null;
  let wasWrong = false;

  const read = (text: string) => {
    const said = find('kept-said');
    if (said) said.textContent = text;
  };
  const show = (text: string, isWrong: boolean) => {
    const shown = find('kept');
    if (!shown) return;
    shown.textContent = text;
    shown.classList.toggle('warn', isWrong);
  };

  return {
    read,
    isLost: () => state === 'lost' || state === 'ended',
    saved: (time: string) => {
      const isMended = wasWrong;
      state = 'saved';
      wasWrong = false;
      show((words.saved ?? '').replace('#', time), false);
      if (isMended) read(words.back ?? '');
    },
    saving: () => {
      if (wasWrong) return;
      state = 'saving';
      show(words.saving ?? '', false);
    },
    wrong: (which: 'lost' | 'ended' | 'over' | 'wait' | 'invalid', text = words[which] ?? '') => {
      const isNew = state !== which;
      state = which;
      wasWrong = true;
      show(text, true);
      if (isNew) read(text);
    },
  };
}
