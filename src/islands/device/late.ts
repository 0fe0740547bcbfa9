/** Returns the stream that a browser granted, or stops it when it is no longer wanted, so that no camera stays on. */
export function ifWanted(stream: MediaStream | null, isWanted: boolean): MediaStream | null {
  if (isWanted) return stream;
  for (const track of stream?.getTracks() ?? []) track.stop();
  return null;
}
