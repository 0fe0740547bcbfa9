const STORED = 'finestreta sound';
type DeviceUse = 'microphone' | 'speaker' | 'ringer';

interface Choice {
  microphone: string;
  speaker: string;
  ringer: string;
  /** From 0 to 1. */
  volume: number;
}

const DELIVERED: Choice = { microphone: '', speaker: '', ringer: '', volume: 1 };

function readChoice(): Choice {
  try {
    return { ...DELIVERED, ...JSON.parse(localStorage.getItem(STORED) ?? '{}') };
  } catch {
    return DELIVERED;
  }
}

/** The tone of local exchanges, in Hz. */
const TONE_HZ = 425;
const RINGING = { on: 1.5, every: 4.5 };
const WAITING = { on: 0.2, every: 2 };
const LOUD = 0.2;

/** The rhythm of a tone: seconds on, out of seconds in all. */
interface Rhythm {
  on: number;
  every: number;
}

/**
 * Plays a tone in this rhythm through an element, since only elements can be sent to another device in every browser. Returns the function
 * that ends it.
 */
function startTone(audio: AudioContext, element: HTMLAudioElement, rhythm: Rhythm): () => void {
  const oscillator = new OscillatorNode(audio, { frequency: TONE_HZ });
  const gain = new GainNode(audio, { gain: 0 });
  const out = audio.createMediaStreamDestination();
  oscillator.connect(gain).connect(out);
  oscillator.start();
  const ring = () => {
    gain.gain.setValueAtTime(LOUD, audio.currentTime);
    gain.gain.setValueAtTime(0, audio.currentTime + rhythm.on);
  };
  ring();
  const timer = setInterval(ring, rhythm.every * 1000);
  element.srcObject = out.stream;
  void element.play().catch(() => {});
  return () => {
    clearInterval(timer);
    oscillator.stop();
    // A voice may play there by now.
    if (element.srcObject === out.stream) element.srcObject = null;
  };
}

/** The sounds of the telephone, their device, and the microphone. */
export class Sound {
  #choice = readChoice();
  readonly #voice = new Audio();
  readonly #bell = new Audio();
  #context: AudioContext | null = null;
  #stopTone = () => {};

  constructor() {
    this.#voice.autoplay = true;
    this.#bell.autoplay = true;
    this.#apply();
  }

  /** Returns the chosen microphone, or any. @throws DOMException */
  async microphone(): Promise<MediaStream> {
    const { microphone } = this.#choice;
    const deviceId = microphone ? { ideal: microphone } : undefined;
    return navigator.mediaDevices.getUserMedia({
      audio: { ...(deviceId && { deviceId }), echoCancellation: true, noiseSuppression: true },
    });
  }

  hear(stream: MediaStream | null): void {
    this.#voice.srcObject = stream;
    if (stream) void this.#voice.play().catch(() => {});
  }

  /** Plays the ringing of an incoming call. */
  ring(): void {
    this.#play(this.#bell, RINGING);
  }

  /** Plays the ringback of an outgoing call, when the exchange sends no sound of its own. */
  ringback(): void {
    this.#play(this.#voice, RINGING);
  }

  /** Signals a second incoming call during a call. */
  knock(): void {
    this.#play(this.#bell, WAITING);
  }

  quiet(): void {
    this.#stopTone();
    this.#stopTone = () => {};
  }

  /** Plays the ringing as a test. */
  try(): void {
    this.#play(this.#bell, { on: 0.4, every: 60 });
    setTimeout(() => this.quiet(), 600);
  }

  /** Returns whether the browser blocks sound until there is a press. */
  isBlocked(): boolean {
    return this.#context?.state === 'suspended';
  }

  choice(): Choice {
    return this.#choice;
  }

  choose(what: Partial<Choice>): void {
    this.#choice = { ...this.#choice, ...what };
    this.#apply();
    try {
      localStorage.setItem(STORED, JSON.stringify(this.#choice));
    } catch {}
  }

  /** Reports the volume of a stream five times a second, from 0 to 1, until stopped. */
  measure(stream: MediaStream, tell: (level: number) => void): () => void {
    const audio = this.#resumed();
    const analyser = new AnalyserNode(audio, { fftSize: 512 });
    const source = audio.createMediaStreamSource(stream);
    source.connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      tell(Math.min(1, 4 * Math.max(...samples.map(Math.abs))));
    }, 200);
    return () => {
      clearInterval(timer);
      source.disconnect();
    };
  }

  #apply(): void {
    this.#voice.volume = this.#choice.volume;
    // Not every browser lets a page choose; the others use the system's device.
    void this.#voice.setSinkId?.(this.#choice.speaker).catch(() => {});
    void this.#bell.setSinkId?.(this.#choice.ringer).catch(() => {});
  }

  #resumed(): AudioContext {
    this.#context ??= new AudioContext();
    void this.#context.resume();
    return this.#context;
  }

  #play(element: HTMLAudioElement, rhythm: Rhythm): void {
    this.quiet();
    this.#stopTone = startTone(this.#resumed(), element, rhythm);
  }
}

const KINDS: Record<DeviceUse, MediaDeviceKind> = {
  microphone: 'audioinput',
  speaker: 'audiooutput',
  ringer: 'audiooutput',
};

/** Fills the lists of devices, and stores the choices in them. */
export async function offerDevices(
  region: HTMLElement,
  sound: Sound,
  system: string,
): Promise<void> {
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  for (const list of region.querySelectorAll<HTMLSelectElement>('select[data-device]')) {
    const use = list.dataset.device as DeviceUse;
    const known = devices.filter((each) => each.kind === KINDS[use] && each.label !== '');
    const others = known.filter((each) => each.deviceId !== 'default');
    list.replaceChildren(
      new Option(system, ''),
      ...others.map((each) => new Option(each.label, each.deviceId)),
    );
    list.value = sound.choice()[use];
    if (list.selectedIndex < 0) list.value = '';
    list.onchange = () => sound.choose({ [use]: list.value });
  }
  const volume = region.querySelector<HTMLInputElement>('[data-part="volume"]');
  if (!volume) return;
  volume.value = String(Math.round(sound.choice().volume * 100));
  volume.oninput = () => sound.choose({ volume: Number(volume.value) / 100 });
}
