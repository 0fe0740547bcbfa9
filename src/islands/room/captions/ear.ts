/** The sound of a microphone, as a speech-to-text engine takes it. */
export interface Ear {
  close(): void;
}

/**
 * Listens to a track: calls `heard` with each tenth of a second, as 16-bit samples (little endian, 16,000 a second). `worklet` is the
 * address of the island `speech`. Resolves to null where the browser can't do it.
 */
export async function openEar(
  track: MediaStreamTrack,
  worklet: string,
  heard: (samples: ArrayBuffer) => void,
): Promise<Ear | null> {
  if (!('AudioWorkletNode' in window)) return null;
  const audio = new AudioContext();
  try {
    await audio.audioWorklet.addModule(worklet);
    const node = new AudioWorkletNode(audio, 'speech', { numberOfOutputs: 0 });
    node.port.onmessage = ({ data }) => heard(data);
    audio.createMediaStreamSource(new MediaStream([track])).connect(node);
    await audio.resume();
    return { close: () => void audio.close() };
  } catch {
    void audio.close();
    return null;
  }
}
