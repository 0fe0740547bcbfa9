/** Events that end a press: it may become a drag, or open a menu. */
const ENDS = ['pointerup', 'pointercancel', 'contextmenu'] as const;

let press = Promise.resolve();

/** To be called once, before `released`. */
export function listenToPointer(): void {
  const down = ({ button }: PointerEvent) => {
    if (button !== 0) return;
    press = new Promise((resolve) => {
      const over = new AbortController();
      const end = () => {
        over.abort();
        setTimeout(resolve); // the click comes first
      };
      for (const each of ENDS)
        window.addEventListener(each, end, { capture: true, signal: over.signal });
    });
  };
  window.addEventListener('pointerdown', down, { capture: true });
}

/** Resolves when nothing is being pressed: an element that is replaced between press and release gets no click. */
export const released = (): Promise<void> => press;
