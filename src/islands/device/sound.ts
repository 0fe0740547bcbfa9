const HEARD = 0.02; // of full scale: a voice at arm's length, not the noise of a quiet room
const SILENT_AFTER_MS = 8_000;

export interface Meter {
  stop(): void;
}

/**
 * Measures the volume of a microphone. `show` gets it many times a second, 0 to 1; `tell` is called once there is sound, or after a while
 * without any.
 */
export function measure(
  context: AudioContext,
  track: MediaStreamTrack,
  show: (level: number) => void,
  tell: (found: 'works' | 'silent') => void,
): Meter {
  const source = context.createMediaStreamSource(new MediaStream([track]));
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const until = performance.now() + SILENT_AFTER_MS;
  let said: 'works' | 'silent' | null = null;
  const say = (found: 'works' | 'silent') => {
    said = found;
    tell(found);
  };
  let frame = 0;
  const look = (now: number) => {
    frame = requestAnimationFrame(look);
    analyser.getFloatTimeDomainData(samples);
    const level = Math.sqrt(samples.reduce((sum, each) => sum + each * each, 0) / samples.length);
    show(Math.min(1, level * 5));
    if (level > HEARD && said !== 'works') say('works');
    else if (said === null && now > until) say('silent');
  };
  frame = requestAnimationFrame(look);
  return {
    stop: () => {
      cancelAnimationFrame(frame);
      source.disconnect();
      show(0);
    },
  };
}

const NOTES = [523, 659, 784]; // hertz: the notes of a chord, one after the other
const NOTE_SECONDS = 0.25;

/** Plays three notes in the way that a call's voice is played: through a media element. @throws when the browser plays nothing */
export async function playNotes(context: AudioContext): Promise<void> {
  await context.resume();
  const out = context.createMediaStreamDestination();
  const audio = new Audio();
  audio.srcObject = out.stream;
  await audio.play();
  const begin = context.currentTime + 0.1;
  const ended = NOTES.map((hertz, index) =>
    playNote(context, out, hertz, begin + index * NOTE_SECONDS),
  );
  await Promise.all(ended);
  audio.pause();
}

function playNote(
  context: AudioContext,
  out: AudioNode,
  hertz: number,
  begin: number,
): Promise<void> {
  const note = context.createOscillator();
  const loudness = context.createGain();
  note.frequency.value = hertz;
  loudness.gain.setValueAtTime(0, begin);
  loudness.gain.linearRampToValueAtTime(0.4, begin + 0.02);
  loudness.gain.linearRampToValueAtTime(0, begin + 2 * NOTE_SECONDS);
  note.connect(loudness).connect(out);
  note.start(begin);
  note.stop(begin + 2 * NOTE_SECONDS);
  return new Promise((resolve) => {
    note.onended = () => resolve();
  });
}
