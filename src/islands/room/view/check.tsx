import { Component } from 'preact';
import { type Meter, measure, playNotes } from '../../device/sound.ts';
import type { Shown } from './controls.tsx';

interface Found {
  /** Whether the microphone is measured; browsers refuse it before a press on the page. */
  isOn: boolean;
  heard: 'works' | 'silent' | null;
  played: boolean;
}

/** The sound check of somebody who waits: whether their microphone hears them, and whether they hear a sound. */
export class SoundCheck extends Component<Shown, Found> {
  override state: Found = { isOn: false, heard: null, played: false };
  #context: AudioContext | null = null;
  #meter: Meter | null = null;
  #track: MediaStreamTrack | null = null;
  #level: HTMLMeterElement | null = null;

  override componentDidMount(): void {
    this.#listen();
  }

  override componentDidUpdate(): void {
    this.#listen();
  }

  override componentWillUnmount(): void {
    this.#meter?.stop();
    void this.#context?.close();
  }

  /** Measures the microphone in use: another one after a change. */
  #listen(): void {
    const track = this.props.page.own.track('microphone');
    if (track === this.#track) return;
    this.#track = track;
    this.#meter?.stop();
    this.#meter = null;
    if (track) void this.#measure(track);
  }

  async #measure(track: MediaStreamTrack): Promise<void> {
    this.#context ??= new AudioContext();
    const context = this.#context;
    await context.resume().catch(() => {});
    if (context.state !== 'running' || this.#track !== track || this.#meter) return;
    this.setState({ isOn: true, heard: null });
    this.#meter = measure(
      context,
      track,
      (level) => {
        if (this.#level) this.#level.value = level;
      },
      (heard) => this.setState({ heard }),
    );
  }

  #play = async (): Promise<void> => {
    this.#context ??= new AudioContext();
    await playNotes(this.#context).catch(() => {});
    this.setState({ played: true });
    if (this.#track) await this.#measure(this.#track);
  };

  override render({ words, page }: Shown, { isOn, heard, played }: Found) {
    const isHeard = isOn && page.own.track('microphone') !== null;
    const word = heard === null ? 'speak' : heard === 'works' ? 'heard' : 'silent';
    return (
      <section class="stack room-check" aria-labelledby="room-check">
        <h2 id="room-check">{words('check.title')}</h2>
        {isHeard ? (
          <>
            <meter
              min="0"
              max="1"
              aria-label={words('check.level')}
              ref={(element) => {
                this.#level = element;
              }}
            />
            <p role="status">{words(`check.${word}`)}</p>
          </>
        ) : null}
        <p class="row">
          <button type="button" class="button quiet" onClick={this.#play}>
            {words('check.play')}
          </button>
        </p>
        <p role="status" class="soft">
          {played ? words('check.played') : ''}
        </p>
      </section>
    );
  }
}
