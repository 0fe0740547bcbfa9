/** Two short tones, in Hz. */
const TONES = [660, 880];
const TONE_SECONDS = 0.16;
const LOUD = 0.15;

let audio: AudioContext | null = null;

/** Plays a short sound; nothing is heard while the browser waits for a first press on the page. */
export function playSound(): void {
  audio ??= new AudioContext();
  const context = audio;
  void context.resume();
  TONES.forEach((frequency, index) => {
    const from = context.currentTime + index * TONE_SECONDS;
    const tone = new OscillatorNode(context, { frequency });
    const gain = new GainNode(context, { gain: 0 });
    tone.connect(gain).connect(context.destination);
    // Without a step at its ends, which would crack.
    gain.gain.setValueAtTime(0, from);
    gain.gain.linearRampToValueAtTime(LOUD, from + 0.02);
    gain.gain.linearRampToValueAtTime(0, from + TONE_SECONDS);
    tone.start(from);
    tone.stop(from + TONE_SECONDS);
  });
}

/** What the browser answers; `none`: it has no notifications, or not on this connection. */
export type Permission = NotificationPermission | 'none';

/** Returns what the browser allows at the moment. */
export const permission = (): Permission =>
  'Notification' in window && isSecureContext ? Notification.permission : 'none';

export const mayNotify = (): boolean => permission() === 'granted';

interface Said {
  /** A later notification with the same tag replaces it. */
  tag: string;
  title: string;
  body: string;
}

/** Shows a notification. A press on it focuses this tab. Returns whether the browser could. */
export function notify({ title, ...more }: Said, pressed: () => void): boolean {
  try {
    // The sound is a choice of its own.
    const shown = new Notification(title, { ...more, silent: true, icon: '/icon.svg' });
    shown.addEventListener('click', () => {
      shown.close();
      window.focus();
      pressed();
    });
    return true;
  } catch {
    // Telephones show notifications of installed applications only.
    return false;
  }
}
